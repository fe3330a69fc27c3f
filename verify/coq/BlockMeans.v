(** * One coordinate: a function and its means over blocks

    [m n] values [u 0], [u 1], ... in [m] blocks of [n]. How far [u] is from its block means, in terms of the
    differences [u (k + s) - u k] for the shifts s = 1, ..., n: by Jensen for every p >= 1, by the variance
    for p = 2 with half the constant. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions Powers.
Local Open Scope R_scope.

(** The mean of [u] over the block of [k]. *)
Definition block_mean (n : nat) (u : nat -> R) (k : nat) : R := sum n (fun r => u (in_block n k r)) / INR n.

(** The difference for a shift by [s], 0 where one of the two points is outside. *)
Definition shift (M s : nat) (u : nat -> R) (k : nat) : R := if (k + s <? M)%nat then u (k + s)%nat - u k else 0.

(** ** Sums over blocks and over shifts *)

Lemma sum_app : forall a b z, sum (a + b) z = sum a z + sum b (fun i => z (a + i)%nat).
Proof.
  induction b; intros; [rewrite Nat.add_0_r; simpl; lra|].
  rewrite Nat.add_succ_r. cbn [sum]. rewrite IHb. lra.
Qed.

Lemma sum_blocks : forall m n z, sum (m * n) z = sum m (fun b => sum n (fun r => z (n * b + r)%nat)).
Proof.
  induction m; intros; [reflexivity|]. cbn [sum].
  replace (S m * n)%nat with (m * n + n)%nat by lia. rewrite sum_app, IHm.
  f_equal. apply sum_ext. intros. f_equal. lia.
Qed.

Lemma in_block_block : forall n b j r, (j < n)%nat -> in_block n (n * b + j) r = (n * b + r)%nat.
Proof.
  intros. unfold in_block. replace ((n * b + j) / n)%nat with b; [reflexivity|].
  apply (Nat.div_unique (n * b + j) n b j); lia.
Qed.

Lemma in_block_lt : forall m n k r, (r < n)%nat -> (k < m * n)%nat -> (in_block n k r < m * n)%nat.
Proof.
  intros. unfold in_block. assert (k / n < m)%nat by (apply Nat.div_lt_upper_bound; lia). nia.
Qed.

Lemma block_mean_block : forall n u b j, (j < n)%nat ->
  block_mean n u (n * b + j) = sum n (fun r => u (n * b + r)%nat) / INR n.
Proof. intros. unfold block_mean. f_equal. apply sum_ext. intros. rewrite in_block_block by assumption. reflexivity. Qed.

Lemma sum_if : forall b n z, (b <= n)%nat -> sum n (fun k => if (k <? b)%nat then z k else 0) = sum b z.
Proof.
  intros b n z Hb. replace n with (b + (n - b))%nat by lia. rewrite sum_app.
  rewrite (sum_ext b _ z) by (intros i Hi; destruct (Nat.ltb_spec i b); [reflexivity|lia]).
  rewrite (sum_ext (n - b) _ (fun _ => 0)) by (intros i Hi; destruct (Nat.ltb_spec (b + i) b); [lia|reflexivity]).
  rewrite sum_const. lra.
Qed.

Lemma sum_reverse : forall n z, sum n z = sum n (fun s => z (n - S s)%nat).
Proof.
  induction n; intros; [reflexivity|]. rewrite (sum_first n (fun s => z (S n - S s)%nat)). cbn [sum]. rewrite IHn.
  replace (S n - 1)%nat with n by lia. apply Rplus_comm.
Qed.

(** The sum over all points that are a shift of a point. *)
Lemma sum_back : forall M s y, sum M (fun k => if (s <=? k)%nat then y (k - s)%nat else 0) =
  sum M (fun k => if (k + s <? M)%nat then y k else 0).
Proof.
  intros. transitivity (sum (M - s) y).
  - induction M; [reflexivity|]. cbn [sum]. rewrite IHM. destruct (Nat.leb_spec s M).
    + replace (S M - s)%nat with (S (M - s)) by lia. reflexivity.
    + replace (S M - s)%nat with 0%nat by lia. replace (M - s)%nat with 0%nat by lia. simpl. lra.
  - rewrite <- (sum_if (M - s) M y) by lia. apply sum_ext. intros k Hk.
    destruct (Nat.ltb_spec k (M - s)); destruct (Nat.ltb_spec (k + s) M); try lia; reflexivity.
Qed.

(** The pairs in a block: every pair is a point and a shift of it. *)
Lemma sum_pairs : forall n (G : nat -> nat -> R), (forall i j, G i j = G j i) -> (forall i, G i i = 0) ->
  sum n (fun j => sum n (fun i => G j i)) = 2 * sum n (fun j => sum j (fun i => G j i)).
Proof.
  intros n G Hs Hd. induction n; [simpl; lra|]. cbn [sum]. rewrite sum_plus, IHn, Hd.
  rewrite (sum_ext n (fun i => G i n) (fun i => G n i)) by (intros; apply Hs). lra.
Qed.

Lemma sum_pairs_le : forall m n (G : nat -> nat -> R),
  (forall i j, G i j = G j i) -> (forall i, G i i = 0) -> (forall i j, 0 <= G i j) ->
  sum m (fun b => sum n (fun j => sum n (fun i => G (n * b + j)%nat (n * b + i)%nat))) <=
  2 * sum n (fun s => sum (m * n) (fun k => if (k + S s <? m * n)%nat then G (k + S s)%nat k else 0)).
Proof.
  intros m n G Hs Hd Hp.
  rewrite (sum_ext m _ (fun b => 2 * sum n (fun j => sum j (fun i => G (n * b + j)%nat (n * b + i)%nat)))).
  2: { intros b _. apply (sum_pairs n (fun j i => G (n * b + j)%nat (n * b + i)%nat)); intros; auto. }
  rewrite sum_scale. apply Rmult_le_compat_l; [lra|].
  rewrite (sum_ext n _ (fun s => sum (m * n) (fun k => if (S s <=? k)%nat then G k (k - S s)%nat else 0))).
  2: { intros s _. rewrite <- (sum_back (m * n) (S s) (fun k => G (k + S s)%nat k)). apply sum_ext.
       intros k _. destruct (Nat.leb_spec (S s) k); [|reflexivity]. f_equal. lia. }
  rewrite (sum_sum n (m * n)), sum_blocks. apply sum_le. intros b Hb. apply sum_le. intros j Hj.
  rewrite sum_reverse, <- (sum_if j n) by lia. apply sum_le. intros s Hs'.
  destruct (Nat.ltb_spec s j); destruct (Nat.leb_spec (S s) (n * b + j)); try lia; try apply Hp.
  - replace (n * b + (j - S s))%nat with (n * b + j - S s)%nat by lia. lra.
  - lra.
Qed.

(** ** The error of the block means *)

(** p >= 1: |u j - mean|^p is at most the mean of the |u j - u i|^p. *)
Lemma block_error : forall p m n u, 1 <= p -> (0 < n)%nat ->
  sum (m * n) (fun k => power p (u k - block_mean n u k)) <=
  2 / INR n * sum n (fun s => sum (m * n) (fun k => power p (shift (m * n) (S s) u k))).
Proof.
  intros p m n u Hp Hn. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  set (G := fun k i => power p (u k - u i)).
  apply Rmult_le_reg_l with (INR n); [assumption|].
  apply Rle_trans with (sum m (fun b => sum n (fun j => sum n (fun i => G (n * b + j)%nat (n * b + i)%nat)))).
  - rewrite sum_blocks, <- sum_scale. apply sum_le. intros b _. rewrite <- sum_scale. apply sum_le. intros j Hj.
    rewrite block_mean_block by assumption.
    replace (u (n * b + j)%nat - sum n (fun r => u (n * b + r)%nat) / INR n)
      with (sum n (fun r => u (n * b + j)%nat + -1 * u (n * b + r)%nat) / INR n)
      by (rewrite sum_plus, sum_const, sum_scale; field; lra).
    eapply Rle_trans; [apply jensen; assumption|]. right. apply sum_ext. intros. unfold G. f_equal. ring.
  - eapply Rle_trans; [apply sum_pairs_le; unfold G|].
    + intros. rewrite <- power_opp. f_equal. ring.
    + intros. rewrite Rminus_eq_0. apply power_0.
    + intros. apply power_nonneg.
    + right. replace (INR n * (2 / INR n * sum n (fun s => sum (m * n) (fun k => power p (shift (m * n) (S s) u k)))))
        with (2 * sum n (fun s => sum (m * n) (fun k => power p (shift (m * n) (S s) u k)))) by (field; lra).
      f_equal. apply sum_ext. intros s _. apply sum_ext. intros k _. unfold G, shift.
      destruct (k + S s <? m * n)%nat; [reflexivity|]. symmetry. apply power_0.
Qed.

(** n times the sum of squares around the mean is half the sum over all pairs. *)
Lemma variance : forall n z, (0 < n)%nat ->
  2 * INR n * sum n (fun j => (z j - sum n z / INR n) ^ 2) = sum n (fun j => sum n (fun i => (z j - z i) ^ 2)).
Proof.
  intros n z Hn. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  set (a := sum n z). set (q := sum n (fun i => z i ^ 2)).
  rewrite (sum_ext n _ (fun j => z j ^ 2 + ((- 2 * (a / INR n)) * z j + (a / INR n) ^ 2))) by (intros; ring).
  rewrite !sum_plus, sum_scale, sum_const. fold a q.
  rewrite (sum_ext n (fun j => sum n _) (fun j => INR n * z j ^ 2 + ((- 2 * a) * z j + q))).
  - rewrite !sum_plus, !sum_scale, sum_const. fold a q. field. lra.
  - intros j _. rewrite (sum_ext n _ (fun i => z j ^ 2 + ((- 2 * z j) * z i + z i ^ 2))) by (intros; ring).
    rewrite !sum_plus, sum_scale, sum_const. fold a q. ring.
Qed.

(** p = 2: half the constant. *)
Lemma block_error_two : forall m n u, (0 < n)%nat ->
  sum (m * n) (fun k => (u k - block_mean n u k) ^ 2) <=
  1 / INR n * sum n (fun s => sum (m * n) (fun k => shift (m * n) (S s) u k ^ 2)).
Proof.
  intros m n u Hn. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  apply Rmult_le_reg_l with (2 * INR n); [lra|].
  replace (2 * INR n * (1 / INR n * sum n (fun s => sum (m * n) (fun k => shift (m * n) (S s) u k ^ 2))))
    with (2 * sum n (fun s => sum (m * n) (fun k => shift (m * n) (S s) u k ^ 2))) by (field; lra).
  apply Rle_trans with (sum m (fun b => sum n (fun j => sum n (fun i => (u (n * b + j)%nat - u (n * b + i)%nat) ^ 2)))).
  - rewrite sum_blocks, <- sum_scale. apply sum_le. intros b _. right.
    rewrite <- (variance n (fun j => u (n * b + j)%nat)) by assumption. f_equal. apply sum_ext. intros j Hj.
    rewrite block_mean_block by assumption. reflexivity.
  - eapply Rle_trans; [apply (sum_pairs_le m n (fun k i => (u k - u i) ^ 2))|].
    + intros. ring.
    + intros. ring.
    + intros. apply pow2_ge_0.
    + right. f_equal. apply sum_ext. intros s _. apply sum_ext. intros k _. unfold shift.
      destruct (k + S s <? m * n)%nat; [reflexivity|ring].
Qed.

(** ** Block means contract, and are orthogonal to what is left *)

Lemma block_contraction : forall p m n w, 1 <= p -> (0 < n)%nat ->
  sum (m * n) (fun k => power p (block_mean n w k)) <= sum (m * n) (fun k => power p (w k)).
Proof.
  intros. rewrite !sum_blocks. apply sum_le. intros b _.
  eapply Rle_trans; [|apply jensen; eassumption]. rewrite <- sum_const. right. apply sum_ext. intros j Hj.
  rewrite block_mean_block by assumption. reflexivity.
Qed.

Lemma block_pythagoras : forall m n u w, (0 < n)%nat ->
  sum (m * n) (fun k => (u k - block_mean n u k + block_mean n w k) ^ 2) =
  sum (m * n) (fun k => (u k - block_mean n u k) ^ 2) + sum (m * n) (fun k => block_mean n w k ^ 2).
Proof.
  intros m n u w Hn. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  rewrite !sum_blocks, <- sum_plus. apply sum_ext. intros b _.
  set (a := sum n (fun r => u (n * b + r)%nat) / INR n). set (c := sum n (fun r => w (n * b + r)%nat) / INR n).
  rewrite (sum_ext n _ (fun j => ((u (n * b + j)%nat - a) ^ 2 + c ^ 2) + (2 * c * u (n * b + j)%nat + - 2 * c * a))).
  2: { intros j Hj. rewrite !block_mean_block by assumption. fold a c. ring. }
  rewrite (sum_ext n (fun r => (u (n * b + r)%nat - block_mean n u (n * b + r)) ^ 2) (fun j => (u (n * b + j)%nat - a) ^ 2)).
  2: { intros j Hj. rewrite block_mean_block by assumption. reflexivity. }
  rewrite (sum_ext n (fun r => block_mean n w (n * b + r) ^ 2) (fun _ => c ^ 2)).
  2: { intros j Hj. rewrite block_mean_block by assumption. reflexivity. }
  rewrite !sum_plus, sum_scale, !sum_const.
  replace (sum n (fun r => u (n * b + r)%nat)) with (INR n * a) by (unfold a; field; lra). ring.
Qed.
