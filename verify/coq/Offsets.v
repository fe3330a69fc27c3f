(** * Offsets that keep the carried readouts nonnegative

    The channel S of a geometric network is a ReLU, so it carries a readout plus an offset. constructs/geometric.py
    takes the next integer above the sum of bounds on the value of level 0 and on every correction so far: enough,
    whatever the digit channels hold (in the strips of ReLU digits they hold no cell number). *)

From Coq Require Import Reals QArith Qreals Qabs Qround List Lia Lra.
From Approxcert Require Import Sums Network Levels.
Local Open Scope R_scope.

(** |value of level 0| + the bounds of the levels 1, ..., t. *)
Fixpoint bound_sum (v0 : Q) (bound : nat -> Q) (t : nat) : Q :=
  match t with O => Qabs v0 | S t' => (bound_sum v0 bound t' + bound t)%Q end.

(** The integer above. *)
Definition offset_for (v0 : Q) (bound : nat -> Q) (t : nat) : Z := Qceiling (bound_sum v0 bound t).

Lemma abs_range : forall x b, Rabs x <= b -> - b <= x <= b.
Proof. intros x b H. pose proof (Rle_abs x). pose proof (Rle_abs (- x)). rewrite Rabs_Ropp in *. lra. Qed.

Lemma Q2R_abs : forall q, Q2R (Qabs q) = Rabs (Q2R q).
Proof.
  intros q. replace 0 with (Q2R 0) by (unfold Q2R; simpl; field). destruct (Qlt_le_dec q 0) as [H|H].
  - rewrite (Qeq_eqR _ _ (Qabs_neg q (Qlt_le_weak _ _ H))), Q2R_opp, Rabs_left; [reflexivity|].
    apply Qlt_Rlt in H. unfold Q2R at 2 in H. simpl in H. lra.
  - rewrite (Qeq_eqR _ _ (Qabs_pos q H)), Rabs_right; [reflexivity|].
    apply Qle_Rle in H. unfold Q2R at 1 in H. simpl in H. lra.
Qed.

Lemma offset_for_ge : forall v0 bound t, Q2R (bound_sum v0 bound t) <= IZR (offset_for v0 bound t).
Proof. intros. rewrite <- Q2R_inject_Z. apply Qle_Rle, Qle_ceiling. Qed.

(** Every readout lies within the sum of the bounds. *)
Lemma total_bounded : forall p bound x,
  (forall t, (1 <= t <= levels p)%nat -> Rabs (decoded (decoders p t) (digit_state p t x)) <= Q2R (bound t)) ->
  forall l, (l <= levels p)%nat -> Rabs (total p l x) <= Q2R (bound_sum (value0 p) bound l).
Proof.
  intros p bound x H. induction l as [|l IH]; intros Hl; cbn [total bound_sum].
  - rewrite Q2R_abs. lra.
  - rewrite Q2R_plus. eapply Rle_trans; [apply Rabs_triang|].
    specialize (IH ltac:(lia)). specialize (H (S l) ltac:(lia)). lra.
Qed.

(** With these offsets a geometric network computes its totals, wherever its decoders keep their bounds. *)
Lemma geometric_computes_bounded : forall p bound x, plan_wf p -> offset p = offset_for (value0 p) bound ->
  (forall t, (1 <= t <= levels p)%nat -> Rabs (decoded (decoders p t) (digit_state p t x)) <= Q2R (bound t)) ->
  forall l, (l <= levels p)%nat -> Phi (real (geometric p)) l x = total p l x.
Proof.
  intros p bound x W Ho H. apply geometric_computes; [assumption|]. intros l Hl.
  pose proof (total_bounded p bound x H l Hl) as B. rewrite Ho. pose proof (offset_for_ge (value0 p) bound l).
  apply abs_range in B. lra.
Qed.
