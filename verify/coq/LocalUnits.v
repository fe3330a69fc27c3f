(** * Local units: products of two ReLU powers that live on one interval

    For q >= 1 the ReLU power max(t,0)^q, and the product max(t-a,0)^q max(b-t,0)^q, which is positive exactly between
    a and b. Products of these over the coordinates are the second layer of a multiplicative network
    (arXiv 2602.06374; constructs/bsplines.py, constructs/multiplicative.py). *)

From Coq Require Import Reals List Lia Lra.
From Approxcert Require Import Sums Network.
Import ListNotations.
Local Open Scope R_scope.

(** ** Finite products *)

(** The product of [z i] over [i < n]. *)
Fixpoint prod (n : nat) (z : nat -> R) : R := match n with O => 1 | S m => prod m z * z m end.

Lemma prod_ext : forall n z y, (forall i, (i < n)%nat -> z i = y i) -> prod n z = prod n y.
Proof. induction n; intros; simpl; [reflexivity|]. rewrite (IHn z y), H by auto with arith. reflexivity. Qed.

Lemma prod_mult : forall n z y, prod n (fun i => z i * y i) = prod n z * prod n y.
Proof. induction n; intros; simpl; [lra|]. rewrite IHn; ring. Qed.

Lemma prod_first : forall n z, prod (S n) z = z 0%nat * prod n (fun i => z (S i)).
Proof. induction n; intros; [simpl; lra|]. cbn [prod] in *. rewrite IHn. ring. Qed.

Lemma prod_ones : forall n z, (forall i, (i < n)%nat -> z i = 1) -> prod n z = 1.
Proof. induction n; intros; simpl; [reflexivity|]. rewrite (IHn z), H by auto with arith. ring. Qed.

Lemma prod_nonneg : forall n z, (forall i, (i < n)%nat -> 0 <= z i) -> 0 <= prod n z.
Proof. induction n; intros; simpl; [lra|]. apply Rmult_le_pos; auto with arith. Qed.

Lemma prod_pos : forall n z, (forall i, (i < n)%nat -> 0 < z i) -> 0 < prod n z.
Proof. induction n; intros; simpl; [lra|]. apply Rmult_lt_0_compat; auto with arith. Qed.

Lemma prod_zero : forall n z i, (i < n)%nat -> z i = 0 -> prod n z = 0.
Proof.
  induction n; intros z i Hi H; [lia|]. simpl. destruct (Nat.eq_dec i n) as [->|]; [rewrite H; ring|].
  rewrite (IHn z i) by (assumption || lia). ring.
Qed.

(** ** ReLU powers and units *)

(** The ReLU power max(t,0)^q. *)
Definition sigma (q : nat) (t : R) : R := Rmax t 0 ^ q.

(** The local unit of the interval from [a] to [b]. *)
Definition unit (q : nat) (a b t : R) : R := sigma q (t - a) * sigma q (b - t).

Lemma sigma_pos : forall q t, 0 < t -> sigma q t = t ^ q.
Proof. intros. unfold sigma. rewrite Rmax_left by lra. reflexivity. Qed.

Lemma sigma_zero : forall q t, (1 <= q)%nat -> t <= 0 -> sigma q t = 0.
Proof. intros. unfold sigma. rewrite Rmax_right by lra. apply pow_i; lia. Qed.

(** For every q >= 1 the unit of a and b is positive at every point strictly between a and b and 0 at every other point;
    nothing is assumed about a and b. *)
Theorem unit_local : forall q a b t, (1 <= q)%nat ->
  (a < t < b -> 0 < unit q a b t) /\ (~ (a < t < b) -> unit q a b t = 0).
Proof.
  intros q a b t Hq. unfold unit. split.
  - intros. rewrite !sigma_pos by lra. apply Rmult_lt_0_compat; apply pow_lt; lra.
  - intros H. destruct (Rle_dec t a) as [Ha|Ha]; [rewrite (sigma_zero q (t - a)) by (assumption || lra); ring|].
    rewrite (sigma_zero q (b - t)) by (assumption || lra). ring.
Qed.

Lemma unit_nonneg : forall q a b t, 0 <= unit q a b t.
Proof. intros. unfold unit, sigma. apply Rmult_le_pos; apply pow_le; apply Rmax_r. Qed.

(** For every q >= 1 and every number m of coordinates, the product of the units of (a_i, b_i) is positive at every
    point of the open box and 0 at every other point. *)
Theorem box_unit_local : forall q m (a b x : nat -> R), (1 <= q)%nat ->
  let value := prod m (fun i => unit q (a i) (b i) (x i)) in
  ((forall i, (i < m)%nat -> a i < x i < b i) -> 0 < value) /\
  (~ (forall i, (i < m)%nat -> a i < x i < b i) -> value = 0).
Proof.
  intros q m a b x Hq. cbv zeta. split.
  - intros. apply prod_pos. intros. apply unit_local; auto.
  - induction m as [|m IH]; intros H; [exfalso; apply H; intros; lia|]. simpl.
    destruct (Rlt_dec (a m) (x m)) as [Ha|Ha].
    + destruct (Rlt_dec (x m) (b m)) as [Hb|Hb].
      * rewrite IH; [ring|]. intros H'. apply H. intros i Hi.
        destruct (Nat.eq_dec i m) as [->|]; [lra|apply H'; lia].
      * rewrite (proj2 (unit_local q (a m) (b m) (x m) Hq)) by lra. ring.
    + rewrite (proj2 (unit_local q (a m) (b m) (x m) Hq)) by lra. ring.
Qed.
