(** * A B-spline as a sum of local product units

    For every degree q >= 1 the B-spline with the knots 0, ..., q+1 is a combination of the units of all pairs a < b
    of its knots, with the coefficients of constructs/bsplines.py ([closed_form]) and docs/multiplicative.md. The
    proof splits the knots at the point t: the knots before t and the knots after it contribute sums whose products
    cancel but for one. *)

From Coq Require Import Reals Factorial Lia Lra.
From Approxcert Require Import Sums LocalUnits BSplines.
Local Open Scope R_scope.

(** The coefficient of the unit of [a] and [b] in the B-spline of degree [q]. *)
Definition gamma (q a b : nat) : R :=
  (-1) ^ (a + b + q + 1) * (INR b - INR a) * INR (binom (q + 1) a) * INR (binom (q + 1) b)
  / (INR (fact q) * INR (fact (q + 1))).

(** ** Double sums *)

Lemma sum_zero : forall n z, (forall i, (i < n)%nat -> z i = 0) -> sum n z = 0.
Proof. intros n z H. rewrite (sum_ext n z (fun _ => 0)) by assumption. rewrite sum_const. ring. Qed.

Lemma sum_swap : forall n m z, sum n (fun i => sum m (fun j => z i j)) = sum m (fun j => sum n (fun i => z i j)).
Proof.
  induction n; intros; cbn [sum]; [symmetry; apply sum_zero; reflexivity|]. rewrite IHn, sum_plus. reflexivity.
Qed.

Lemma sum_times : forall n m z y, sum n (fun i => sum m (fun j => z i * y j)) = sum n z * sum m y.
Proof. induction n; intros; cbn [sum]; [ring|]. rewrite IHn, sum_scale. ring. Qed.

(** A sum over [w] successive numbers, of numbers that are 0 elsewhere. *)
Lemma sum_window : forall n k w z, (k + w <= n)%nat ->
  (forall i, (i < n)%nat -> (i < k \/ k + w <= i)%nat -> z i = 0) ->
  sum n z = sum w (fun i => z (k + i)%nat).
Proof.
  induction n; intros k w z Hn Hz; [assert (w = 0)%nat as -> by lia; reflexivity|]. cbn [sum].
  destruct (Nat.eq_dec (k + w) (S n)) as [He|He].
  - destruct w as [|w].
    + cbn [sum]. rewrite Hz, sum_zero; [ring| |lia|lia]. intros; apply Hz; lia.
    + cbn [sum]. rewrite (IHn k w) by (try lia; intros; apply Hz; lia). replace (k + w)%nat with n by lia. reflexivity.
  - rewrite (IHn k w) by (try lia; intros; apply Hz; lia). rewrite (Hz n) by lia. ring.
Qed.

(** The pairs [a < b] as a part of all pairs. *)
Lemma sum_pairs : forall n z,
  sum n (fun b => sum b (fun a => z a b)) = sum n (fun a => sum n (fun b => if Nat.ltb a b then z a b else 0)).
Proof.
  intros n z. rewrite (sum_swap n n). apply sum_ext. intros b Hb.
  rewrite (sum_window n 0 b).
  - apply sum_ext. intros a Ha. cbn [Nat.add]. destruct (Nat.ltb_spec a b); [reflexivity|lia].
  - lia.
  - intros a _ Ha. destruct (Nat.ltb_spec a b); [lia|reflexivity].
Qed.

(** ** The identity *)

Lemma sign_square : forall n, (-1) ^ n * (-1) ^ n = 1.
Proof. intros. rewrite <- Rpow_mult_distr. replace (-1 * -1) with 1 by ring. apply pow1. Qed.

(** The other side of a ReLU power. *)
Lemma sigma_opposite : forall q t, (1 <= q)%nat -> sigma q (- t) = (-1) ^ q * (t ^ q * (1 - step t)).
Proof.
  intros q t Hq. unfold step. destruct (Rle_dec 0 t).
  - rewrite sigma_zero by (assumption || lra). ring.
  - rewrite sigma_pos by lra. replace (- t) with (-1 * t) by ring. rewrite Rpow_mult_distr. ring.
Qed.

(** The unit of [a < b] with the sides of the step function. *)
Lemma unit_step : forall q a b t, (1 <= q)%nat -> (a < b)%nat ->
  unit q (INR a) (INR b) t = (-1) ^ q *
    (((t - INR a) ^ q * step (t - INR a)) * ((t - INR b) ^ q * (1 - step (t - INR b)))).
Proof.
  intros. unfold unit. rewrite sigma_step by assumption.
  replace (INR b - t) with (- (t - INR b)) by ring. rewrite sigma_opposite by assumption. ring.
Qed.

(** A pair that is not [a < b] cannot have [a] before [t] and [b] after it. *)
Lemma step_order : forall a b t, (b <= a)%nat -> step (t - INR a) * (1 - step (t - INR b)) = 0.
Proof.
  intros a b t H. apply le_INR in H. unfold step. destruct (Rle_dec 0 (t - INR a)), (Rle_dec 0 (t - INR b)); lra.
Qed.

Lemma local_sum_scaled : forall q t, (1 <= q)%nat ->
  sum (q + 2) (fun b => sum b (fun a =>
    alternating (q + 1) a * alternating (q + 1) b * (INR b - INR a) * unit q (INR a) (INR b) t))
  = (-1) ^ (q + 1) * INR (fact q) * INR (fact (q + 1)) * bspline q t.
Proof.
  intros q t Hq.
  set (c := alternating (q + 1)). set (u := fun i => t - INR i). set (p := fun i => step (u i)).
  set (before := fun n i => c i * (u i ^ n * p i)). set (after := fun n i => c i * (u i ^ n * (1 - p i))).
  rewrite sum_pairs.
  rewrite (sum_ext (q + 2) _ (fun a => sum (q + 2) (fun b =>
    (-1) ^ q * (before (S q) a * after q b) + - (-1) ^ q * (before q a * after (S q) b)))).
  2:{ intros a _. apply sum_ext. intros b _. unfold before, after. destruct (Nat.ltb_spec a b) as [H|H].
      - rewrite unit_step by assumption. fold (u a) (u b) (p a) (p b).
        replace (INR b - INR a) with (u a - u b) by (unfold u; ring). simpl. ring.
      - pose proof (step_order a b t H) as Hp. fold (u a) (u b) (p a) (p b) in Hp. simpl.
        transitivity (c a * c b * (-1) ^ q * u a ^ q * u b ^ q * (u a - u b) * (p a * (1 - p b))); [rewrite Hp|];
          ring. }
  rewrite (sum_ext (q + 2) _ (fun a => sum (q + 2) (fun b => (-1) ^ q * before (S q) a * after q b)
    + sum (q + 2) (fun b => - (-1) ^ q * before q a * after (S q) b))).
  2:{ intros a _. rewrite <- sum_plus. apply sum_ext. intros. ring. }
  rewrite sum_plus, !sum_times, !sum_scale.
  assert (X : sum (q + 2) (before q) = INR (fact q) * bspline q t) by (rewrite bspline_step; reflexivity).
  assert (X' : sum (q + 2) (after q) = - (INR (fact q) * bspline q t)).
  { rewrite <- X. apply Rplus_eq_reg_l with (sum (q + 2) (before q)). rewrite <- sum_plus, Rplus_opp_r.
    rewrite <- (difference_power q t). apply sum_ext. intros. unfold before, after, c, u. ring. }
  assert (Y : sum (q + 2) (after (S q)) = INR (fact (q + 1)) - sum (q + 2) (before (S q))).
  { apply Rplus_eq_reg_l with (sum (q + 2) (before (S q))). rewrite <- sum_plus.
    replace (sum (q + 2) (before (S q)) + (INR (fact (q + 1)) - sum (q + 2) (before (S q))))
      with (INR (fact (q + 1))) by ring.
    rewrite <- (difference_next_power q t). apply sum_ext. intros. unfold before, after, c, u. simpl. ring. }
  rewrite X, X', Y, (pow_add (-1) q 1), pow_1. ring.
Qed.

(** For every degree q >= 1 and every real t, the B-spline is the sum of gamma_{a,b} max(t-a,0)^q max(b-t,0)^q over all
    0 <= a < b <= q+1, with gamma_{a,b} = (-1)^(a+b+q+1) (b-a) C(q+1,a) C(q+1,b) / (q! (q+1)!). *)
Theorem local_sum : forall q t, (1 <= q)%nat ->
  bspline q t = sum (q + 2) (fun b => sum b (fun a => gamma q a b * unit q (INR a) (INR b) t)).
Proof.
  intros q t Hq. pose proof (INR_fact_neq_0 q). pose proof (INR_fact_neq_0 (q + 1)).
  set (s := (-1) ^ (q + 1) / (INR (fact q) * INR (fact (q + 1)))).
  transitivity (s * sum (q + 2) (fun b => sum b (fun a =>
    alternating (q + 1) a * alternating (q + 1) b * (INR b - INR a) * unit q (INR a) (INR b) t))).
  - rewrite local_sum_scaled by assumption. unfold s.
    transitivity (((-1) ^ (q + 1) * (-1) ^ (q + 1)) * bspline q t); [rewrite sign_square; ring|field; auto].
  - rewrite <- sum_scale. apply sum_ext. intros b _. rewrite <- sum_scale. apply sum_ext. intros a _.
    unfold gamma, alternating, s. rewrite <- Nat.add_assoc, !(pow_add _ (a + b)), !(pow_add _ a). field. auto.
Qed.
