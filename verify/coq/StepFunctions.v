(** * Step functions on a grid: norms, cell means, moduli

    The cube [0,1]^d is cut into [M] pieces a side. A step function is constant on each of the M^d fine cells:
    it is given by its table [v : list nat -> R], whose entry at [k_0; ...; k_(d-1)], all below [M], is the
    value on the product of the [k_i/M, (k_i+1)/M). Its integral is the mean of its table. Cells of side
    h = 1/m are the blocks of n fine cells a side, M = m n; level l of the construction is m = N^l. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums.
Import ListNotations.
Local Open Scope R_scope.

(** ** Definitions *)

(** The sum over all lists of [d] numbers below [M]. *)
Fixpoint sums (d M : nat) (g : list nat -> R) : R :=
  match d with O => g [] | S d' => sum M (fun k => sums d' M (fun ks => g (k :: ks))) end.

(** The integral over the cube: M^d fine cells of volume 1/M^d. *)
Definition mean (d M : nat) (g : list nat -> R) : R := sums d M g / INR M ^ d.

(** |t|^p; the case is needed as [Rpower] is about positive numbers only. *)
Definition power (p t : R) : R := if Req_EM_T t 0 then 0 else Rpower (Rabs t) p.

(** The L^p norm: the p-th root of the integral of |v|^p. *)
Definition norm (p : R) (d M : nat) (v : list nat -> R) : R :=
  power (/ p) (mean d M (fun ks => power p (v ks))).

(** The largest of 0 and [z i] over [i < n]. *)
Fixpoint maximum (n : nat) (z : nat -> R) : R :=
  match n with O => 0 | S m => Rmax (maximum m z) (z m) end.

(** The L^infinity norm: the largest |v|. *)
Fixpoint sup_norm (d M : nat) (v : list nat -> R) : R :=
  match d with O => Rabs (v []) | S d' => maximum M (fun k => sup_norm d' M (fun ks => v (k :: ks))) end.

(** The fine cell [k] of one coordinate lies in the block [k / n], whose [r]-th fine cell is [in_block n k r]. *)
Definition in_block (n k r : nat) : nat := (n * (k / n) + r)%nat.

(** The same for all coordinates: the fine cells of the cell that contains [ks], numbered by [rs]. *)
Fixpoint in_cell (n : nat) (ks rs : list nat) : list nat :=
  match ks, rs with k :: ks', r :: rs' => in_block n k r :: in_cell n ks' rs' | _, _ => [] end.

(** The mean of [v] over the cell that contains [ks]. *)
Definition cell_mean (d n : nat) (v : list nat -> R) (ks : list nat) : R := mean d n (fun rs => v (in_cell n ks rs)).

(** The list [ks] with [k] in place [i]. *)
Fixpoint set (i k : nat) (ks : list nat) : list nat :=
  match ks, i with [], _ => [] | _ :: ks', O => k :: ks' | a :: ks', S j => a :: set j k ks' end.

(** f(x + s e_i / M) - f(x) where both points are in the cube, 0 elsewhere. *)
Definition difference (M i s : nat) (v : list nat -> R) (ks : list nat) : R :=
  if (nth i ks 0 + s <? M)%nat then v (set i (nth i ks 0%nat + s) ks) - v ks else 0.

(** The modulus omega_p(v, n/M) along the axes: the largest norm of a difference for the shifts by 1, ..., n fine cells. *)
Definition modulus (p : R) (d M n : nat) (v : list nat -> R) : R :=
  maximum d (fun i => maximum n (fun s => norm p d M (difference M i (S s) v))).

(** The same for p = infinity. *)
Definition sup_modulus (d M n : nat) (v : list nat -> R) : R :=
  maximum d (fun i => maximum n (fun s => sup_norm d M (difference M i (S s) v))).

(** ** Sums over multi-indices *)

(** [ks] is the number of a fine cell. *)
Definition grid (d M : nat) (ks : list nat) : Prop := length ks = d /\ Forall (fun k => (k < M)%nat) ks.

Lemma grid_cons : forall d M k ks, (k < M)%nat -> grid d M ks -> grid (S d) M (k :: ks).
Proof. intros d M k ks Hk [Hl Hf]. split; [simpl; lia|constructor; assumption]. Qed.

Lemma sums_le : forall d M g g', (forall ks, grid d M ks -> g ks <= g' ks) -> sums d M g <= sums d M g'.
Proof.
  induction d; intros M g g' H; cbn [sums].
  - apply H. split; [reflexivity|constructor].
  - apply sum_le. intros k Hk. apply IHd. intros. apply H. apply grid_cons; assumption.
Qed.

Lemma sums_ext : forall d M g g', (forall ks, grid d M ks -> g ks = g' ks) -> sums d M g = sums d M g'.
Proof. intros. apply Rle_antisym; apply sums_le; intros; rewrite H by assumption; lra. Qed.

Lemma sums_plus : forall d M g g', sums d M (fun ks => g ks + g' ks) = sums d M g + sums d M g'.
Proof.
  induction d; intros; cbn [sums]; [reflexivity|].
  rewrite <- sum_plus. apply sum_ext. intros. apply IHd.
Qed.

Lemma sums_scale : forall d M c g, sums d M (fun ks => c * g ks) = c * sums d M g.
Proof.
  induction d; intros; cbn [sums]; [reflexivity|].
  rewrite <- sum_scale. apply sum_ext. intros. apply IHd.
Qed.

Lemma sums_const : forall d M c, sums d M (fun _ => c) = INR M ^ d * c.
Proof.
  induction d; intros; cbn [sums]; [simpl; lra|].
  rewrite (sum_ext _ _ (fun _ => INR M ^ d * c)) by (intros; apply IHd). rewrite sum_const. simpl. ring.
Qed.

Lemma sums_sum : forall n d M (z : nat -> list nat -> R),
  sums d M (fun ks => sum n (fun r => z r ks)) = sum n (fun r => sums d M (z r)).
Proof.
  induction n; intros; cbn [sum]; [rewrite sums_const; lra|].
  rewrite sums_plus, IHn. reflexivity.
Qed.

Lemma sum_sum : forall n m (z : nat -> nat -> R),
  sum n (fun i => sum m (fun j => z i j)) = sum m (fun j => sum n (fun i => z i j)).
Proof.
  induction n; intros; cbn [sum]; [rewrite sum_const; lra|].
  rewrite IHn, <- sum_plus. reflexivity.
Qed.

(** An inequality between sums along every line in direction [i] holds for the sums over the whole grid. *)
Lemma sums_lines_le : forall d i M g g', (i < d)%nat ->
  (forall ks, length ks = d -> sum M (fun k => g (set i k ks)) <= sum M (fun k => g' (set i k ks))) ->
  sums d M g <= sums d M g'.
Proof.
  induction d; intros i M g g' Hi H; [lia|]. cbn [sums]. destruct i as [|i].
  - rewrite <- !sums_sum. apply sums_le. intros ks [Hl _].
    apply (H (0%nat :: ks)). simpl; lia.
  - apply sum_le. intros k Hk. apply (IHd i); [lia|]. intros ks Hl.
    apply (H (k :: ks)). simpl; lia.
Qed.

Lemma sums_lines : forall d i M g g', (i < d)%nat ->
  (forall ks, length ks = d -> sum M (fun k => g (set i k ks)) = sum M (fun k => g' (set i k ks))) ->
  sums d M g = sums d M g'.
Proof. intros. apply Rle_antisym; apply (sums_lines_le d i); try assumption; intros; rewrite H0 by assumption; lra. Qed.

(** ** Means *)

Lemma power_INR_pos : forall d M, (0 < M)%nat -> 0 < INR M ^ d.
Proof. intros. apply pow_lt, lt_0_INR. assumption. Qed.

Lemma mean_le_sums : forall d M g g', (0 < M)%nat -> sums d M g <= sums d M g' -> mean d M g <= mean d M g'.
Proof.
  intros. unfold mean, Rdiv. apply Rmult_le_compat_r; [|assumption].
  left. apply Rinv_0_lt_compat, power_INR_pos. assumption.
Qed.

Lemma mean_le : forall d M g g', (0 < M)%nat -> (forall ks, grid d M ks -> g ks <= g' ks) -> mean d M g <= mean d M g'.
Proof. intros. apply mean_le_sums; [assumption|]. apply sums_le. assumption. Qed.

Lemma mean_ext : forall d M g g', (forall ks, grid d M ks -> g ks = g' ks) -> mean d M g = mean d M g'.
Proof. intros. unfold mean. rewrite (sums_ext d M g g') by assumption. reflexivity. Qed.

Lemma mean_plus : forall d M g g', mean d M (fun ks => g ks + g' ks) = mean d M g + mean d M g'.
Proof. intros. unfold mean. rewrite sums_plus. unfold Rdiv. ring. Qed.

Lemma mean_scale : forall d M c g, mean d M (fun ks => c * g ks) = c * mean d M g.
Proof. intros. unfold mean. rewrite sums_scale. unfold Rdiv. ring. Qed.

Lemma mean_const : forall d M c, (0 < M)%nat -> mean d M (fun _ => c) = c.
Proof. intros. unfold mean. rewrite sums_const. field. apply Rgt_not_eq, power_INR_pos. assumption. Qed.

Lemma mean_sum : forall n d M (z : nat -> list nat -> R),
  mean d M (fun ks => sum n (fun r => z r ks)) = sum n (fun r => mean d M (z r)).
Proof.
  intros. unfold mean. rewrite sums_sum. unfold Rdiv. rewrite Rmult_comm, <- sum_scale.
  apply sum_ext. intros; apply Rmult_comm.
Qed.

Lemma mean_nonneg : forall d M g, (0 < M)%nat -> (forall ks, grid d M ks -> 0 <= g ks) -> 0 <= mean d M g.
Proof. intros. rewrite <- (mean_const d M 0) by assumption. apply mean_le; assumption. Qed.

(** ** Maxima *)

Lemma maximum_nonneg : forall n z, 0 <= maximum n z.
Proof. induction n; intros; cbn [maximum]; [lra|]. eapply Rle_trans; [apply IHn|apply Rmax_l]. Qed.

Lemma le_maximum : forall n z i, (i < n)%nat -> z i <= maximum n z.
Proof.
  induction n; intros z i Hi; [lia|]. cbn [maximum].
  destruct (Nat.eq_dec i n) as [->|]; [apply Rmax_r|].
  eapply Rle_trans; [apply (IHn z i); lia|apply Rmax_l].
Qed.

Lemma maximum_le : forall n z w, 0 <= w -> (forall i, (i < n)%nat -> z i <= w) -> maximum n z <= w.
Proof. induction n; intros z w Hw H; cbn [maximum]; [assumption|]. apply Rmax_lub; [apply IHn; auto|apply H; lia]. Qed.

Lemma le_sup_norm : forall d M v ks, grid d M ks -> Rabs (v ks) <= sup_norm d M v.
Proof.
  induction d; intros M v ks [Hl Hf]; destruct ks as [|k ks]; try discriminate; cbn [sup_norm]; [lra|].
  inversion Hf; subst. eapply Rle_trans; [|apply le_maximum; eassumption].
  apply (IHd M (fun ks => v (k :: ks))). split; [simpl in Hl; lia|assumption].
Qed.

Lemma sup_norm_le : forall d M v w, 0 <= w -> (forall ks, grid d M ks -> Rabs (v ks) <= w) -> sup_norm d M v <= w.
Proof.
  induction d; intros M v w Hw H; cbn [sup_norm]; [apply H; split; [reflexivity|constructor]|].
  apply maximum_le; [assumption|]. intros k Hk. apply IHd; [assumption|]. intros. apply H, grid_cons; assumption.
Qed.

(** The modulus bounds every difference that it is made of. *)
Lemma norm_le_modulus : forall p d M n v i s, (i < d)%nat -> (s < n)%nat ->
  norm p d M (difference M i (S s) v) <= modulus p d M n v.
Proof.
  intros. eapply Rle_trans; [|apply (le_maximum d _ i); assumption].
  apply (le_maximum n (fun s => norm p d M (difference M i (S s) v))). assumption.
Qed.

Lemma sup_norm_le_modulus : forall d M n v i s, (i < d)%nat -> (s < n)%nat ->
  sup_norm d M (difference M i (S s) v) <= sup_modulus d M n v.
Proof.
  intros. eapply Rle_trans; [|apply (le_maximum d _ i); assumption].
  apply (le_maximum n (fun s => sup_norm d M (difference M i (S s) v))). assumption.
Qed.
