(** * The functionals of degrees 4 and 5

    Those that constructs/functionals.py ([cube_axis]) solves for, on every mesh 1/M with M >= q: four B-splines at
    either end of the unit interval have their own weights, all others the same ones. *)

From Coq Require Import Reals List Lia Lra.
From Approxcert Require Import Sums BSplines Marsden Tuples QuasiInterpolation.
Import ListNotations.
Local Open Scope R_scope.

(** ** Tactics for functionals given by cases *)

(** Cases of the position of an index, with its value as a real number. *)
Ltac positions k M :=
  repeat match goal with |- context [Nat.eqb k ?j] => destruct (Nat.eqb_spec k j); [subst k|] end;
  rewrite ?plus_INR.
Ltac positions_in H k :=
  repeat match type of H with context [Nat.eqb k ?j] => destruct (Nat.eqb_spec k j); [subst k|] end;
  rewrite ?plus_INR; simpl INR.

(** The equations of the powers, one by one. *)
Ltac equations := cbn [sum_over fst snd elementary binom pow Nat.add]; simpl INR; first [lra | field].

(** Every place by itself. *)
Ltac each_place H :=
  repeat (destruct H as [<-|H]; [cbn [fst]; split; [lra|intros; apply Rabs_le; lra]|]); contradiction.

(** Sums of sizes of numbers. *)
Ltac sizes := cbn [sum_over fst snd]; repeat match goal with |- context [Rabs ?w] =>
  (rewrite (Rabs_pos_eq w) by lra) || (rewrite (Rabs_left w) by lra) end; lra.

(** ** Places, in units of 1/M, and weights *)

Definition quartic (M k : nat) : list (R * R) :=
  let m := INR M in
  if Nat.eqb k 0 then
    [(0, 4367/315); (1/2, -3047/144); (3/2, 1817/144); (5/2, -1267/240); (7/2, 965/1008)]
  else if Nat.eqb k 1 then
    [(0, 479/315); (1/2, 7/144); (3/2, -145/144); (5/2, 131/240); (7/2, -109/1008)]
  else if Nat.eqb k 2 then
    [(0, -193/315); (1/2, 277/144); (3/2, -43/144); (5/2, -7/240); (7/2, 17/1008)]
  else if Nat.eqb k 3 then
    [(0, 47/315); (1/2, -77/144); (3/2, 251/144); (5/2, -97/240); (7/2, 47/1008)]
  else if Nat.eqb k M then
    [(m - 7/2, 47/1008); (m - 5/2, -97/240); (m - 3/2, 251/144); (m - 1/2, -77/144); (m, 47/315)]
  else if Nat.eqb k (M + 1) then
    [(m - 7/2, 17/1008); (m - 5/2, -7/240); (m - 3/2, -43/144); (m - 1/2, 277/144); (m, -193/315)]
  else if Nat.eqb k (M + 2) then
    [(m - 7/2, -109/1008); (m - 5/2, 131/240); (m - 3/2, -145/144); (m - 1/2, 7/144); (m, 479/315)]
  else if Nat.eqb k (M + 3) then
    [(m - 7/2, 965/1008); (m - 5/2, -1267/240); (m - 3/2, 1817/144); (m - 1/2, -3047/144); (m, 4367/315)]
  else [(INR k - 7/2, 47/1152); (INR k - 5/2, -107/288); (INR k - 3/2, 319/192); (INR k - 1/2, -107/288);
    (INR k + 1/2, 47/1152)].

Definition quintic (M k : nat) : list (R * R) :=
  let m := INR M in
  if Nat.eqb k 0 then
    [(0, 781/48); (1, -1001/20); (2, 8519/120); (3, -1639/30); (4, 1771/80); (5, -223/60)]
  else if Nat.eqb k 1 then
    [(0, 223/60); (1, -1447/240); (2, 57/10); (3, -401/120); (4, 67/60); (5, -13/80)]
  else if Nat.eqb k 2 then
    [(0, 13/80); (1, 329/120); (2, -431/120); (3, 49/20); (4, -217/240); (5, 17/120)]
  else if Nat.eqb k 3 then
    [(0, -17/120); (1, 81/80); (2, 37/60); (3, -91/120); (4, 13/40); (5, -13/240)]
  else if Nat.eqb k (M + 1) then
    [(m - 5, -13/240); (m - 4, 13/40); (m - 3, -91/120); (m - 2, 37/60); (m - 1, 81/80); (m, -17/120)]
  else if Nat.eqb k (M + 2) then
    [(m - 5, 17/120); (m - 4, -217/240); (m - 3, 49/20); (m - 2, -431/120); (m - 1, 329/120); (m, 13/80)]
  else if Nat.eqb k (M + 3) then
    [(m - 5, -13/80); (m - 4, 67/60); (m - 3, -401/120); (m - 2, 57/10); (m - 1, -1447/240); (m, 223/60)]
  else if Nat.eqb k (M + 4) then
    [(m - 5, -223/60); (m - 4, 1771/80); (m - 3, -1639/30); (m - 2, 8519/120); (m - 1, -1001/20); (m, 781/48)]
  else [(INR k - 4, 13/240); (INR k - 3, -7/15); (INR k - 2, 73/40); (INR k - 1, -7/15); (INR k, 13/240)].

(** ** They are what they must be *)

Lemma quartic_reproduces : forall M, (4 <= M)%nat -> reproduces 4 M (quartic M).
Proof.
  intros M HM k n Hk Hn. unfold quartic. positions k M; destruct n as [|[|[|[|[|n]]]]]; try lia; equations.
Qed.

Lemma quintic_reproduces : forall M, (5 <= M)%nat -> reproduces 5 M (quintic M).
Proof.
  intros M HM k n Hk Hn. unfold quintic. positions k M; destruct n as [|[|[|[|[|[|n]]]]]]; try lia; equations.
Qed.

Lemma quartic_near : forall M, (4 <= M)%nat -> near 4 M (quartic M).
Proof.
  intros M HM k p Hk Hp. apply le_INR in HM. simpl INR in HM. unfold quartic in Hp. positions_in Hp k.
  1-8: each_place Hp.
  assert (H2 : (4 <= k <= M - 1)%nat) by lia. destruct H2 as [H2 H3]. apply le_INR in H2, H3.
  rewrite minus_INR in H3 by lia. simpl INR in *. each_place Hp.
Qed.

Lemma quintic_near : forall M, (5 <= M)%nat -> near 5 M (quintic M).
Proof.
  intros M HM k p Hk Hp. apply le_INR in HM. simpl INR in HM. unfold quintic in Hp. positions_in Hp k.
  1-8: each_place Hp.
  assert (H2 : (4 <= k <= M)%nat) by lia. destruct H2 as [H2 H3]. apply le_INR in H2, H3. simpl INR in *. each_place Hp.
Qed.

Lemma quartic_norm : forall M, norm_at_most 4 M (4849/90) (quartic M).
Proof. intros M k Hk. unfold quartic. positions k M; sizes. Qed.

Lemma quintic_norm : forall M, norm_at_most 5 M (1089/5) (quintic M).
Proof. intros M k Hk. unfold quintic. positions k M; sizes. Qed.
