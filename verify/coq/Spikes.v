(** * Corner spikes

    The witnesses of docs/sharpness.md: the sum over the coordinates of the indicator of the first fine cell.
    Its modulus is at most (1/M)^(1/p), M the fine cells a side; the error of its cell means is computed for
    p = 2 and in the corner, and bounded from below for p = 1. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions Powers Norms BlockMeans AxisMeans.
Import ListNotations.
Local Open Scope R_scope.

(** The indicator of the first fine cell of one coordinate. *)
Definition first (k : nat) : R := if (k <? 1)%nat then 1 else 0.

(** The number of coordinates in the first fine cell. *)
Fixpoint spikes (ks : list nat) : R := match ks with [] => 0 | k :: ks' => first k + spikes ks' end.

(** ** Its error *)

(** One coordinate minus its mean, which is 1/n in the first block and 0 elsewhere. *)
Definition rest (n k : nat) : R := first k - (if (k <? n)%nat then / INR n else 0).

Fixpoint rests (n : nat) (ks : list nat) : R := match ks with [] => 0 | k :: ks' => rest n k + rests n ks' end.

Lemma sum_first_cell : forall n c, (1 <= n)%nat -> sum n (fun k => c * first k) = c.
Proof. intros. rewrite sum_scale. unfold first. rewrite sum_if by assumption. simpl. ring. Qed.

Lemma first_power : forall p k, power p (first k) = first k.
Proof.
  intros. unfold first. destruct (k <? 1)%nat; [|apply power_0]. rewrite power_pos by lra.
  unfold Rpower. rewrite ln_1, Rmult_0_r. apply exp_0.
Qed.

Lemma first_block : forall n k, (1 <= n)%nat ->
  sum n (fun r => first (in_block n k r)) / INR n = if (k <? n)%nat then / INR n else 0.
Proof.
  intros n k Hn. destruct (Nat.ltb_spec k n).
  - rewrite (sum_ext n _ (fun r => 1 * first r)), sum_first_cell by assumption || (intros; unfold in_block;
      rewrite Nat.div_small, Nat.mul_0_r by assumption; simpl; ring). apply Rmult_1_l.
  - rewrite (sum_ext n _ (fun _ => 0)); [rewrite sum_const; unfold Rdiv; ring|]. intros r Hr.
    unfold first, in_block. assert (1 <= k / n)%nat by (apply Nat.div_le_lower_bound; lia).
    destruct (Nat.ltb_spec (n * (k / n) + r) 1); [nia|reflexivity].
Qed.

Lemma spikes_error : forall d n ks, (1 <= n)%nat -> length ks = d -> spikes ks - cell_mean d n spikes ks = rests n ks.
Proof.
  induction d; intros n ks Hn Hl; destruct ks as [|k ks]; try discriminate; cbn [spikes rests].
  - unfold cell_mean, mean. simpl. field.
  - rewrite <- (IHd n ks) by (assumption || (simpl in Hl; lia)). unfold rest. rewrite <- first_block by assumption.
    assert (0 < INR n) by (apply lt_0_INR; assumption). pose proof (power_INR_pos d n Hn).
    assert (cell_mean (S d) n spikes (k :: ks) =
      sum n (fun r => first (in_block n k r)) / INR n + cell_mean d n spikes ks); [|lra].
    unfold cell_mean, mean. cbn [sums in_cell spikes pow].
    rewrite (sum_ext n _ (fun r => INR n ^ d * first (in_block n k r) + sums d n (fun rs => spikes (in_cell n ks rs))))
      by (intros; rewrite sums_plus, sums_const; reflexivity).
    rewrite sum_plus, sum_scale, sum_const. field. split; lra.
Qed.

Lemma sum_rest : forall m n, (1 <= m)%nat -> (1 <= n)%nat -> sum (m * n) (rest n) = 0.
Proof.
  intros m n Hm Hn. unfold rest.
  rewrite (sum_ext _ _ (fun k => 1 * first k + -1 * (if (k <? n)%nat then / INR n else 0))) by (intros; ring).
  rewrite sum_plus, sum_first_cell, sum_scale, sum_if, sum_const by nia. field. apply not_0_INR. lia.
Qed.

(** ** Its modulus *)

Lemma spikes_set : forall ks i k, (i < length ks)%nat -> spikes (set i k ks) - spikes ks = first k - first (nth i ks 0%nat).
Proof.
  induction ks as [|a ks]; intros [|i] k H; cbn [set spikes nth length] in *; try lia; [ring|].
  specialize (IHks i k ltac:(lia)). lra.
Qed.

Lemma spikes_difference : forall d M i s ks, (i < d)%nat -> grid d M ks ->
  Rabs (difference M i (S s) spikes ks) <= first (nth i ks 0%nat).
Proof.
  intros d M i s ks Hi [Hl _]. assert (Hf : forall k, 0 <= first k) by (intros; unfold first; destruct (k <? 1)%nat; lra).
  unfold difference. destruct (_ <? M)%nat; [|rewrite Rabs_R0; apply Hf].
  rewrite spikes_set by lia. unfold first at 1. destruct (Nat.ltb_spec (nth i ks 0%nat + S s) 1); [lia|].
  rewrite Rminus_0_l, Rabs_Ropp, Rabs_pos_eq by apply Hf. lra.
Qed.

Lemma mean_first : forall d M i, (1 <= M)%nat -> (i < d)%nat -> mean d M (fun ks => first (nth i ks 0%nat)) = / INR M.
Proof.
  intros d M i HM Hi. rewrite <- (mean_const d M (/ INR M)) by assumption. unfold mean. f_equal.
  apply (sums_lines d i); [assumption|]. intros ks Hl.
  rewrite (sum_ext M _ (fun k => 1 * first k)) by (intros; rewrite nth_set by lia; ring).
  rewrite sum_first_cell, sum_const by assumption. field. apply not_0_INR. lia.
Qed.

(** A spike of width 1/M: omega_p is at most (1/M)^(1/p). *)
Lemma spikes_modulus : forall p d M n, 1 <= p -> (1 <= M)%nat -> modulus p d M n spikes <= power (/ p) (/ INR M).
Proof.
  intros p d M n Hp HM. apply maximum_le; [apply power_nonneg|]. intros i Hi.
  apply maximum_le; [apply power_nonneg|]. intros s _. unfold norm.
  apply power_le; [left; apply Rinv_0_lt_compat; lra|]. split; [apply mean_power_nonneg; assumption|].
  rewrite <- (mean_first d M i) by assumption. apply mean_le; [assumption|]. intros ks Hks.
  rewrite <- (first_power p). apply power_le_abs; [lra|]. apply (spikes_difference d); assumption.
Qed.

Lemma spikes_sup_modulus : forall d M n, sup_modulus d M n spikes <= 1.
Proof.
  intros. apply maximum_le; [lra|]. intros i Hi. apply maximum_le; [lra|]. intros s _.
  apply sup_norm_le; [lra|]. intros ks Hks. eapply Rle_trans; [apply (spikes_difference d); assumption|].
  unfold first. destruct (_ <? 1)%nat; lra.
Qed.

(** ** p = 1: the error outweighs itself against a sign, + where some coordinate is in its first fine cell *)

Fixpoint away (ks : list nat) : R := match ks with [] => 1 | k :: ks' => (1 - first k) * away ks' end.

Lemma away_01 : forall ks, 0 <= away ks <= 1.
Proof.
  induction ks; cbn [away]; [lra|]. unfold first. destruct (_ <? 1)%nat; lra.
Qed.

Lemma sums_rests : forall d m n, (1 <= m)%nat -> (1 <= n)%nat -> sums d (m * n) (rests n) = 0.
Proof.
  induction d; intros m n Hm Hn; cbn [sums rests]; [reflexivity|].
  rewrite (sum_ext _ _ (fun k => INR (m * n) ^ d * rest n k)).
  - rewrite sum_scale, sum_rest by assumption. ring.
  - intros. rewrite sums_plus, sums_const, IHd by assumption. ring.
Qed.

Lemma sum_not_first : forall M, (1 <= M)%nat -> sum M (fun k => 1 - first k) = INR M - 1.
Proof.
  intros. rewrite (sum_ext M _ (fun k => 1 + -1 * first k)) by (intros; ring).
  rewrite sum_plus, sum_const, sum_first_cell by assumption. ring.
Qed.

Lemma sums_away : forall d M, (1 <= M)%nat -> sums d M away = (INR M - 1) ^ d.
Proof.
  induction d; intros M HM; cbn [sums away]; [reflexivity|].
  rewrite (sum_ext _ _ (fun k => (INR M - 1) ^ d * (1 - first k))) by (intros; rewrite sums_scale, IHd by assumption; ring).
  rewrite sum_scale, sum_not_first by assumption. simpl. ring.
Qed.

Lemma sum_rest_away : forall m n, (1 <= m)%nat -> (1 <= n)%nat -> sum (m * n) (fun k => rest n k * (1 - first k)) = / INR n - 1.
Proof.
  intros m n Hm Hn.
  rewrite (sum_ext _ _ (fun k => rest n k + (/ INR n - 1) * first k)).
  - rewrite sum_plus, sum_rest, sum_first_cell by nia. ring.
  - intros k _. unfold rest, first. destruct (Nat.ltb_spec k 1); destruct (Nat.ltb_spec k n); try lia; ring.
Qed.

Lemma sums_rests_away : forall d m n, (1 <= m)%nat -> (1 <= n)%nat ->
  (INR (m * n) - 1) * sums d (m * n) (fun ks => rests n ks * away ks) = INR d * (/ INR n - 1) * (INR (m * n) - 1) ^ d.
Proof.
  induction d; intros m n Hm Hn; [simpl; ring|]. cbn [sums rests away].
  pose proof (sum_rest_away m n Hm Hn) as E. specialize (IHd m n Hm Hn).
  set (M := (m * n)%nat) in *. assert (1 <= M)%nat by (unfold M; nia).
  set (T := sums d M (fun ks => rests n ks * away ks)) in *.
  rewrite (sum_ext _ _ (fun k => (INR M - 1) ^ d * (rest n k * (1 - first k)) + T * (1 - first k))).
  - rewrite sum_plus, !sum_scale, sum_not_first, E by assumption.
    replace ((INR M - 1) * ((INR M - 1) ^ d * (/ INR n - 1) + T * (INR M - 1)))
      with ((INR M - 1) * ((INR M - 1) ^ d * (/ INR n - 1)) + (INR M - 1) * ((INR M - 1) * T)) by ring.
    rewrite IHd, S_INR. simpl. ring.
  - intros k _. rewrite (sums_ext d M _ (fun ks => (rest n k * (1 - first k)) * away ks + (1 - first k) * (rests n ks * away ks)))
      by (intros; ring).
    rewrite sums_plus, !sums_scale, sums_away by assumption. fold T. ring.
Qed.

Lemma below_bernoulli : forall d x, 0 <= x <= 1 -> 1 - INR d * x <= (1 - x) ^ d.
Proof.
  induction d; intros x Hx; [simpl; lra|]. specialize (IHd x Hx). rewrite S_INR. cbn [pow].
  pose proof (pos_INR d). nra.
Qed.

Lemma spikes_error_one : forall d m n, (1 <= m)%nat -> (1 <= n)%nat ->
  2 * INR d * (1 - / INR n) * (1 - INR d * / INR (m * n)) <=
  INR (m * n) * norm 1 d (m * n) (fun ks => spikes ks - cell_mean d n spikes ks).
Proof.
  intros d m n Hm Hn. pose proof (sums_rests_away d m n Hm Hn) as E. pose proof (sums_rests d m n Hm Hn) as E0.
  set (M := (m * n)%nat) in *. assert (HM : (1 <= M)%nat) by (unfold M; nia).
  assert (HM' : 1 <= INR M) by (apply (le_INR 1); assumption).
  assert (Hn' : 1 <= INR n) by (apply (le_INR 1); assumption).
  assert (0 < / INR n <= 1) by (split; [apply Rinv_0_lt_compat; lra|rewrite <- Rinv_1; apply Rinv_le_contravar; lra]).
  assert (0 < / INR M <= 1) by (split; [apply Rinv_0_lt_compat; lra|rewrite <- Rinv_1; apply Rinv_le_contravar; lra]).
  pose proof (power_INR_pos d M HM) as HMd. pose proof (pos_INR d).
  rewrite norm_one by assumption.
  set (T := sums d M (fun ks => rests n ks * away ks)) in *.
  assert (HT : - 2 * T <= sums d M (fun ks => Rabs (spikes ks - cell_mean d n spikes ks))).
  { apply Rle_trans with (sums d M (fun ks => rests n ks + - 2 * (rests n ks * away ks))).
    - rewrite sums_plus, sums_scale, E0. fold T. lra.
    - apply sums_le. intros ks [Hl _]. rewrite spikes_error by assumption. pose proof (away_01 ks).
      unfold Rabs. destruct (Rcase_abs (rests n ks)); nra. }
  assert (HS : 0 <= sums d M (fun ks => Rabs (spikes ks - cell_mean d n spikes ks))).
  { apply Rle_trans with (sums d M (fun _ => 0)); [rewrite sums_const; lra|apply sums_le; intros; apply Rabs_pos]. }
  unfold mean. set (A := sums d M (fun ks => Rabs (spikes ks - cell_mean d n spikes ks))) in *.
  apply Rle_trans with ((INR M - 1) * (- 2 * T) / INR M ^ d).
  - replace ((INR M - 1) * (- 2 * T) / INR M ^ d) with (2 * INR d * (1 - / INR n) * ((INR M - 1) ^ d / INR M ^ d)).
    + apply Rmult_le_compat_l; [nra|]. eapply Rle_trans; [apply (below_bernoulli d (/ INR M)); lra|].
      right. unfold Rdiv. rewrite <- pow_inv, <- Rpow_mult_distr. f_equal. field. lra.
    + replace ((INR M - 1) * (- 2 * T)) with (- 2 * ((INR M - 1) * T)) by ring. rewrite E. unfold Rdiv. ring.
  - replace (INR M * (A / INR M ^ d)) with (INR M * A / INR M ^ d) by (unfold Rdiv; ring).
    unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption|]. nra.
Qed.

(** ** p = 2: the coordinates are orthogonal *)

Lemma sum_rest_two : forall m n, (1 <= m)%nat -> (1 <= n)%nat -> sum (m * n) (fun k => rest n k ^ 2) = 1 - / INR n.
Proof.
  intros m n Hm Hn. assert (INR n <> 0) by (apply not_0_INR; lia).
  rewrite (sum_ext _ _ (fun k => (1 - 2 * / INR n) * first k + (if (k <? n)%nat then / INR n ^ 2 else 0))).
  - rewrite sum_plus, sum_first_cell, sum_if, sum_const by nia. field. assumption.
  - intros k _. unfold rest, first. destruct (Nat.ltb_spec k 1); destruct (Nat.ltb_spec k n); try lia; field; assumption.
Qed.

Lemma mean_rests_two : forall d m n, (1 <= m)%nat -> (1 <= n)%nat ->
  mean d (m * n) (fun ks => rests n ks ^ 2) = INR d * (1 - / INR n) * / INR (m * n).
Proof.
  intros d m n Hm Hn. assert (HM : (1 <= m * n)%nat) by nia.
  assert (0 < INR (m * n)) by (apply lt_0_INR; assumption).
  unfold mean. induction d; cbn [sums rests]; [change (INR 0) with 0; unfold Rdiv; ring|].
  rewrite (sum_ext _ _ (fun k => INR (m * n) ^ d * rest n k ^ 2 + sums d (m * n) (fun ks => rests n ks ^ 2))).
  - rewrite sum_plus, sum_scale, sum_rest_two, sum_const by assumption.
    pose proof (power_INR_pos d _ HM).
    replace (sums d (m * n) (fun ks => rests n ks ^ 2))
      with (INR (m * n) ^ d * (INR d * (1 - / INR n) * / INR (m * n))) by (rewrite <- IHd; field; lra).
    rewrite S_INR. cbn [pow]. field. repeat split; try lra. apply not_0_INR. lia.
  - intros k _. rewrite (sums_ext d _ _ (fun ks => rest n k ^ 2 + (2 * rest n k * rests n ks + rests n ks ^ 2)))
      by (intros; ring).
    rewrite !sums_plus, sums_const, sums_scale, sums_rests by assumption. ring.
Qed.

(** ** p = infinity: the corner *)

Lemma rests_corner : forall d n, (1 <= n)%nat -> rests n (repeat 0%nat d) = INR d * (1 - / INR n).
Proof.
  induction d; intros n Hn; cbn [repeat rests]; [simpl; ring|]. rewrite IHd, S_INR by assumption. unfold rest, first.
  destruct (Nat.ltb_spec 0 n); [simpl; ring|lia].
Qed.
