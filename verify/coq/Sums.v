(** * Finite sums and coordinates

    Points are lists of reals, read by [coord]; sums run over [i < n]. *)

From Coq Require Import Reals List Lia Lra.
Import ListNotations.
Local Open Scope R_scope.

Definition coord (i : nat) (x : list R) : R := nth i x 0.

(** The list [z 0; ...; z (d-1)]. *)
Definition vec {A : Type} (d : nat) (z : nat -> A) : list A := map z (seq 0 d).

(** The sum of [z i] over [i < n]. *)
Fixpoint sum (n : nat) (z : nat -> R) : R :=
  match n with O => 0 | S m => sum m z + z m end.

(** The distance in the l1 norm of the first [d] coordinates. *)
Definition l1 (d : nat) (x y : list R) : R := sum d (fun i => Rabs (coord i x - coord i y)).

(** The closed cube [0,1]^d. *)
Definition cube (d : nat) (x : list R) : Prop :=
  length x = d /\ forall i, (i < d)%nat -> 0 <= coord i x <= 1.

Lemma vec_length : forall A d (z : nat -> A), length (vec d z) = d.
Proof. intros; unfold vec; rewrite map_length, seq_length; reflexivity. Qed.

Lemma nth_vec : forall A d (z : nat -> A) i e, (i < d)%nat -> nth i (vec d z) e = z i.
Proof.
  intros. unfold vec. rewrite nth_indep with (d' := z 0%nat) by (rewrite map_length, seq_length; lia).
  rewrite map_nth, seq_nth by lia. reflexivity.
Qed.

Lemma coord_vec : forall d z i, (i < d)%nat -> coord i (vec d z) = z i.
Proof. intros; apply nth_vec; assumption. Qed.

Lemma vec_ext : forall A d (z y : nat -> A), (forall i, (i < d)%nat -> z i = y i) -> vec d z = vec d y.
Proof. intros; unfold vec; apply map_ext_in; intros i Hi; apply in_seq in Hi; apply H; lia. Qed.

Lemma vec_coord : forall d x, length x = d -> vec d (fun i => coord i x) = x.
Proof.
  intros d x <-. apply nth_ext with (d := 0) (d' := 0); rewrite vec_length; [reflexivity|].
  intros; rewrite nth_vec by assumption; reflexivity.
Qed.

Lemma nth_app_left : forall A (a b : list A) i e, (i < length a)%nat -> nth i (a ++ b) e = nth i a e.
Proof. intros; apply app_nth1; assumption. Qed.

Lemma nth_app_right : forall A (a b : list A) k i e, length a = k -> nth (k + i) (a ++ b) e = nth i b e.
Proof. intros; subst. rewrite app_nth2_plus; reflexivity. Qed.

Lemma sum_ext : forall n z y, (forall i, (i < n)%nat -> z i = y i) -> sum n z = sum n y.
Proof. induction n; intros; simpl; [reflexivity|]. rewrite (IHn z y), H by auto with arith. reflexivity. Qed.

Lemma sum_plus : forall n z y, sum n (fun i => z i + y i) = sum n z + sum n y.
Proof. induction n; intros; simpl; [lra|]. rewrite IHn; lra. Qed.

Lemma sum_scale : forall n c z, sum n (fun i => c * z i) = c * sum n z.
Proof. induction n; intros; simpl; [lra|]. rewrite IHn; lra. Qed.

Lemma sum_const : forall n c, sum n (fun _ => c) = INR n * c.
Proof. induction n; intros; [simpl; lra|]. cbn [sum]. rewrite IHn, S_INR; lra. Qed.

Lemma sum_le : forall n z y, (forall i, (i < n)%nat -> z i <= y i) -> sum n z <= sum n y.
Proof.
  induction n; intros; simpl; [lra|].
  assert (sum n z <= sum n y) by auto with arith. assert (z n <= y n) by auto with arith. lra.
Qed.

Lemma sum_nonneg : forall n z, (forall i, (i < n)%nat -> 0 <= z i) -> 0 <= sum n z.
Proof.
  intros. replace 0 with (sum n (fun _ => 0)) by (rewrite sum_const; lra).
  apply sum_le; assumption.
Qed.

Lemma sum_abs : forall n z, Rabs (sum n z) <= sum n (fun i => Rabs (z i)).
Proof.
  induction n; intros; simpl; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]. specialize (IHn z). lra.
Qed.

(** The first summand set apart. *)
Lemma sum_first : forall n z, sum (S n) z = z 0%nat + sum n (fun i => z (S i)).
Proof. induction n; intros; [simpl; lra|]. cbn [sum] in *. rewrite IHn. lra. Qed.

(** All summands but one are zero. *)
Lemma sum_single : forall n k c z, (k < n)%nat ->
  sum n (fun i => (if Nat.eqb i k then c else 0) * z i) = c * z k.
Proof.
  induction n; intros k c z Hk; [lia|]. cbn [sum]. destruct (Nat.eqb_spec n k) as [->|Hne].
  - rewrite (sum_ext k _ (fun _ => 0)).
    + rewrite sum_const; lra.
    + intros i Hi. destruct (Nat.eqb_spec i k); [lia|lra].
  - rewrite IHn by lia. lra.
Qed.

Lemma l1_le : forall d x y e, (forall i, (i < d)%nat -> Rabs (coord i x - coord i y) <= e) ->
  l1 d x y <= INR d * e.
Proof. intros. unfold l1. rewrite <- sum_const. apply sum_le; assumption. Qed.

Lemma l1_nonneg : forall d x y, 0 <= l1 d x y.
Proof. intros; apply sum_nonneg; intros; apply Rabs_pos. Qed.
