(** * Averaging in one of the coordinates

    The cell mean is taken one coordinate after the other. What BlockMeans.v proves on every line in direction
    [i] holds for the norms over the grid: averaging in one coordinate contracts, and it moves a function by
    at most 2^(1/p) of its modulus in that direction. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions Powers Norms BlockMeans.
Import ListNotations.
Local Open Scope R_scope.

(** The mean over the block of coordinate [i], the other coordinates fixed. *)
Definition axis_mean (i n : nat) (v : list nat -> R) (ks : list nat) : R :=
  block_mean n (fun k => v (set i k ks)) (nth i ks 0%nat).

(** The means in the coordinates 0, ..., j-1. *)
Fixpoint axis_means (j n : nat) (v : list nat -> R) : list nat -> R :=
  match j with O => v | S i => axis_mean i n (axis_means i n v) end.

(** ** Lines *)

Lemma set_set : forall ks i a b, set i a (set i b ks) = set i a ks.
Proof. induction ks; intros [|i] a' b; simpl; try reflexivity. rewrite IHks. reflexivity. Qed.

Lemma set_nth : forall ks i, set i (nth i ks 0%nat) ks = ks.
Proof. induction ks; intros [|i]; simpl; try reflexivity. rewrite IHks. reflexivity. Qed.

Lemma nth_set : forall ks i k, (i < length ks)%nat -> nth i (set i k ks) 0%nat = k.
Proof. induction ks; intros [|i] k H; simpl in *; try lia; try reflexivity. apply IHks. lia. Qed.

Lemma length_set : forall ks i k, length (set i k ks) = length ks.
Proof. induction ks; intros [|i] k; simpl; try reflexivity. rewrite IHks. reflexivity. Qed.

Lemma grid_set : forall d M i k ks, (k < M)%nat -> grid d M ks -> grid d M (set i k ks).
Proof.
  intros d M i k ks Hk [Hl Hf]. split; [rewrite length_set; assumption|].
  clear d Hl. revert i. induction Hf; intros [|i]; simpl; constructor; auto.
Qed.

Lemma grid_nth : forall d M i ks, (i < d)%nat -> grid d M ks -> (nth i ks 0 < M)%nat.
Proof. intros d M i ks Hi [Hl Hf]. rewrite Forall_forall in Hf. apply Hf, nth_In. lia. Qed.

Lemma axis_mean_line : forall i n v k ks, (i < length ks)%nat ->
  axis_mean i n v (set i k ks) = block_mean n (fun k => v (set i k ks)) k.
Proof.
  intros. unfold axis_mean, block_mean. rewrite nth_set by assumption.
  f_equal. apply sum_ext. intros. rewrite set_set. reflexivity.
Qed.

Lemma difference_line : forall M i s v k ks, (i < length ks)%nat ->
  difference M i s v (set i k ks) = shift M s (fun k => v (set i k ks)) k.
Proof. intros. unfold difference, shift. rewrite nth_set, set_set by assumption. reflexivity. Qed.

Lemma axis_mean_minus : forall i n v u ks,
  axis_mean i n v ks - axis_mean i n u ks = axis_mean i n (fun ks => v ks - u ks) ks.
Proof.
  intros. unfold axis_mean, block_mean.
  rewrite (sum_ext n (fun r => v _ - u _)
    (fun r => v (set i (in_block n (nth i ks 0%nat) r) ks) + -1 * u (set i (in_block n (nth i ks 0%nat) r) ks)))
    by (intros; ring).
  rewrite sum_plus, sum_scale. unfold Rdiv. ring.
Qed.

(** ** Cell means are means in all coordinates *)

Lemma axis_means_first : forall j n v k ks, axis_means (S j) n v (k :: ks) =
  sum n (fun r => axis_means j n (fun ks => v (in_block n k r :: ks)) ks) / INR n.
Proof.
  induction j; intros; [reflexivity|].
  change (axis_means (S (S j)) n v (k :: ks))
    with (sum n (fun q => axis_means (S j) n v (k :: set j (in_block n (nth j ks 0%nat) q) ks)) / INR n).
  f_equal.
  rewrite (sum_ext n _ (fun q => sum n (fun r => / INR n *
    axis_means j n (fun ks => v (in_block n k r :: ks)) (set j (in_block n (nth j ks 0%nat) q) ks)))).
  2: { intros q _. rewrite IHj. unfold Rdiv. rewrite Rmult_comm, <- sum_scale. reflexivity. }
  rewrite sum_sum. apply sum_ext. intros r _. rewrite sum_scale.
  cbn [axis_means]. unfold axis_mean, block_mean, Rdiv. apply Rmult_comm.
Qed.

Lemma cell_mean_axis_means : forall d n v ks, (0 < n)%nat -> length ks = d -> cell_mean d n v ks = axis_means d n v ks.
Proof.
  induction d; intros n v ks Hn Hl; destruct ks as [|k ks]; try discriminate.
  - unfold cell_mean, mean. simpl. field.
  - rewrite axis_means_first.
    rewrite (sum_ext n _ (fun r => cell_mean d n (fun ks => v (in_block n k r :: ks)) ks))
      by (intros; symmetry; apply IHd; [assumption|simpl in Hl; lia]).
    unfold cell_mean, mean. cbn [sums in_cell pow].
    assert (0 < INR n) by (apply lt_0_INR; assumption). pose proof (power_INR_pos d n Hn).
    rewrite (sum_ext n (fun r => sums d n _ / _) (fun r => / INR n ^ d *
      sums d n (fun rs => v (in_block n k r :: in_cell n ks rs)))) by (intros; apply Rmult_comm).
    rewrite sum_scale. field. split; lra.
Qed.

(** ** Norms *)

Lemma axis_mean_contracts : forall p d m n i v, 1 <= p -> (0 < m)%nat -> (0 < n)%nat -> (i < d)%nat ->
  norm p d (m * n) (axis_mean i n v) <= norm p d (m * n) v.
Proof.
  intros. apply norm_le_mean; [lra|nia|]. apply mean_le_sums; [nia|].
  apply (sums_lines_le d i); [assumption|]. intros ks Hl.
  eapply Rle_trans; [|apply (block_contraction p m n (fun k => v (set i k ks))); assumption].
  right. apply sum_ext. intros. rewrite axis_mean_line by lia. reflexivity.
Qed.

Lemma axis_mean_error : forall p d m n i v w, 1 <= p -> (0 < m)%nat -> (0 < n)%nat -> (i < d)%nat -> 0 <= w ->
  (forall s, (s < n)%nat -> norm p d (m * n) (difference (m * n) i (S s) v) <= w) ->
  norm p d (m * n) (fun ks => v ks - axis_mean i n v ks) <= Rpower 2 (/ p) * w.
Proof.
  intros p d m n i v w Hp Hm Hn Hi Hw H. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  assert (0 < Rpower 2 (/ p)) by apply exp_pos.
  apply norm_le; [lra|nia|nra|].
  rewrite power_mult, (power_pos p (Rpower _ _)), Rpower_mult, Rinv_l, Rpower_1 by lra.
  apply Rle_trans with (mean d (m * n) (fun ks => 2 / INR n *
    sum n (fun s => power p (difference (m * n) i (S s) v ks)))).
  - apply mean_le_sums; [nia|]. apply (sums_lines_le d i); [assumption|]. intros ks Hl.
    eapply Rle_trans; [|right; symmetry; apply sum_scale]. rewrite sum_sum.
    eapply Rle_trans; [right|eapply Rle_trans; [apply (block_error p m n (fun k => v (set i k ks))); assumption|right]].
    + apply sum_ext. intros. rewrite axis_mean_line by lia. reflexivity.
    + f_equal. apply sum_ext. intros. apply sum_ext. intros. rewrite difference_line by lia. reflexivity.
  - rewrite mean_scale, mean_sum. apply Rle_trans with (2 / INR n * sum n (fun _ => power p w)).
    + apply Rmult_le_compat_l; [unfold Rdiv; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]|].
      apply sum_le. intros s Hs. apply mean_power_le; [lra|nia|]. apply H. assumption.
    + rewrite sum_const. right. field. lra.
Qed.

(** Squares: the constant 1. *)
Lemma axis_mean_error_two : forall d m n i v w, (0 < m)%nat -> (0 < n)%nat -> (i < d)%nat ->
  (forall s, (s < n)%nat -> mean d (m * n) (fun ks => difference (m * n) i (S s) v ks ^ 2) <= w ^ 2) ->
  mean d (m * n) (fun ks => (v ks - axis_mean i n v ks) ^ 2) <= w ^ 2.
Proof.
  intros d m n i v w Hm Hn Hi H. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  apply Rle_trans with (mean d (m * n) (fun ks => 1 / INR n *
    sum n (fun s => difference (m * n) i (S s) v ks ^ 2))).
  - apply mean_le_sums; [nia|]. apply (sums_lines_le d i); [assumption|]. intros ks Hl.
    eapply Rle_trans; [|right; symmetry; apply sum_scale]. rewrite sum_sum.
    eapply Rle_trans; [right|eapply Rle_trans; [apply (block_error_two m n (fun k => v (set i k ks))); assumption|right]].
    + apply sum_ext. intros. rewrite axis_mean_line by lia. reflexivity.
    + f_equal. apply sum_ext. intros. apply sum_ext. intros. rewrite difference_line by lia. reflexivity.
  - rewrite mean_scale, mean_sum. apply Rle_trans with (1 / INR n * sum n (fun _ => w ^ 2)).
    + apply Rmult_le_compat_l; [unfold Rdiv; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]|].
      apply sum_le. assumption.
    + rewrite sum_const. right. field. lra.
Qed.

(** What averaging in coordinate [i] takes away is orthogonal to every average. *)
Lemma axis_mean_pythagoras : forall d m n i v w, (0 < n)%nat -> (i < d)%nat ->
  mean d (m * n) (fun ks => (v ks - axis_mean i n v ks + axis_mean i n w ks) ^ 2) =
  mean d (m * n) (fun ks => (v ks - axis_mean i n v ks) ^ 2) + mean d (m * n) (fun ks => axis_mean i n w ks ^ 2).
Proof.
  intros d m n i v w Hn Hi. rewrite <- mean_plus. unfold mean. f_equal.
  apply (sums_lines d i); [assumption|]. intros ks Hl. rewrite sum_plus.
  rewrite (sum_ext (m * n) _ (fun k => (v (set i k ks) - block_mean n (fun k => v (set i k ks)) k
    + block_mean n (fun k => w (set i k ks)) k) ^ 2)) by (intros; rewrite !axis_mean_line by lia; reflexivity).
  rewrite block_pythagoras by assumption. f_equal; apply sum_ext; intros; rewrite !axis_mean_line by lia; reflexivity.
Qed.

(** ** The largest error *)

Lemma in_block_near : forall n k r, (0 < n)%nat -> (r < n)%nat ->
  exists s, (s < n)%nat /\ (in_block n k r = k \/ in_block n k r = k + S s \/ in_block n k r + S s = k)%nat.
Proof.
  intros n k r Hn Hr. unfold in_block. pose proof (Nat.div_mod k n ltac:(lia)).
  pose proof (Nat.mod_upper_bound k n ltac:(lia)). set (q := (n * (k / n))%nat) in *. set (t := (k mod n)%nat) in *.
  destruct (lt_eq_lt_dec r t) as [[L|E]|L].
  - exists (t - r - 1)%nat. lia.
  - exists 0%nat. lia.
  - exists (r - t - 1)%nat. lia.
Qed.

Lemma axis_mean_bound : forall i n v ks a w, (0 < n)%nat ->
  (forall r, (r < n)%nat -> Rabs (a - v (set i (in_block n (nth i ks 0%nat) r) ks)) <= w) ->
  Rabs (a - axis_mean i n v ks) <= w.
Proof.
  intros i n v ks a w Hn H. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  unfold axis_mean, block_mean. set (z := fun r => v (set i (in_block n (nth i ks 0%nat) r) ks)) in *.
  replace (a - sum n z / INR n) with (sum n (fun r => a + -1 * z r) / INR n)
    by (rewrite sum_plus, sum_const, sum_scale; field; lra).
  unfold Rdiv. rewrite Rabs_mult, (Rabs_pos_eq (/ INR n)) by (left; apply Rinv_0_lt_compat; assumption).
  apply Rmult_le_reg_r with (INR n); [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [apply sum_abs|]. rewrite Rmult_comm, <- sum_const. apply sum_le. intros r Hr.
  replace (a + -1 * z r) with (a - z r) by ring. apply H. assumption.
Qed.

Lemma axis_mean_error_sup : forall d m n i v w, (0 < n)%nat -> (i < d)%nat -> 0 <= w ->
  (forall s, (s < n)%nat -> sup_norm d (m * n) (difference (m * n) i (S s) v) <= w) ->
  forall ks, grid d (m * n) ks -> Rabs (v ks - axis_mean i n v ks) <= w.
Proof.
  intros d m n i v w Hn Hi Hw H ks Hks. apply axis_mean_bound; [assumption|]. intros r Hr.
  pose proof (grid_nth d _ i ks Hi Hks) as Hk. set (k := nth i ks 0%nat) in *.
  pose proof (in_block_lt m n k r Hr Hk) as Hj.
  assert (Hstep : forall ls s, grid d (m * n) ls -> (s < n)%nat -> (nth i ls 0 + S s < m * n)%nat ->
    Rabs (v (set i (nth i ls 0 + S s)%nat ls) - v ls) <= w).
  { intros ls s Hls Hs Hlt. eapply Rle_trans; [|apply (H s Hs)]. eapply Rle_trans; [|apply le_sup_norm; exact Hls].
    right. f_equal. unfold difference. destruct (Nat.ltb_spec (nth i ls 0%nat + S s) (m * n)); [reflexivity|lia]. }
  destruct (in_block_near n k r Hn Hr) as [s [Hs [E|[E|E]]]].
  - rewrite E. unfold k. rewrite set_nth, Rminus_eq_0, Rabs_R0. assumption.
  - rewrite Rabs_minus_sym, E. apply Hstep; try assumption. fold k. lia.
  - specialize (Hstep (set i (in_block n k r) ks) s). rewrite nth_set, set_set, E in Hstep by (destruct Hks; lia).
    replace (set i k ks) with ks in Hstep by (symmetry; apply set_nth). apply Hstep; try assumption. apply grid_set; assumption.
Qed.
