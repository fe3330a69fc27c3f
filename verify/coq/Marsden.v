(** * Polynomials as sums of B-splines

    Marsden's identity for every degree q: which coefficients give the powers t^0, ..., t^q. They are the elementary
    symmetric polynomials of the inner knots (docs/multiplicative.md, constructs/functionals.py). *)

From Coq Require Import Reals Lia Lra.
From Approxcert Require Import Sums LocalUnits BSplines.
Local Open Scope R_scope.

(** The elementary symmetric polynomial of degree [n] of the numbers a+1, ..., a+q. *)
Fixpoint elementary (q n : nat) (a : R) : R :=
  match q, n with
  | _, O => 1
  | O, S _ => 0
  | S p, S j => elementary p n a + (a + INR q) * elementary p j a
  end.

(** The same with the first of the numbers set apart, those of [a - 1]: a, ..., a+p. *)
Lemma elementary_first : forall p j a,
  elementary (S p) (S j) (a - 1) = elementary p (S j) a + a * elementary p j a.
Proof.
  induction p; intros j a; [destruct j; simpl; ring|].
  change (elementary (S (S p)) (S j) (a - 1))
    with (elementary (S p) (S j) (a - 1) + (a - 1 + INR (S (S p))) * elementary (S p) j (a - 1)).
  rewrite IHp. destruct j as [|j]; [cbn [elementary]; rewrite !S_INR; destruct p; simpl; ring|].
  rewrite IHp. cbn [elementary]. rewrite !S_INR. ring.
Qed.

Lemma marsden_below : forall h q n l t, INR q <= t < INR n ->
  sum n (fun i => elementary q l (INR i - h) * bspline q (t - INR i)) = INR (binom q l) * (t - h) ^ l.
Proof.
  intros h. induction q; intros n l t Ht.
  - destruct l as [|l]; cbn [elementary binom].
    + transitivity (sum n (fun i => bspline 0 (t - INR i))); [apply sum_ext; intros; ring|].
      rewrite shifts_degree_zero by exact Ht. simpl. ring.
    + rewrite (sum_ext n _ (fun _ => 0)) by (intros; ring). rewrite sum_const. simpl. ring.
  - destruct l as [|l].
    + cbn [elementary binom]. transitivity (sum n (fun i => bspline (S q) (t - INR i))); [apply sum_ext; intros; ring|].
      rewrite shifts_below by exact Ht. simpl. ring.
    + assert (0 < INR (S q)) by (apply lt_0_INR; lia). apply Rmult_eq_reg_l with (INR (S q)); [|lra].
      rewrite (shifts_recursion q n (fun a => elementary (S q) (S l) (a - h)) t Ht). rewrite S_INR in Ht.
      rewrite (sum_ext n _ (fun i => INR (S q) * (elementary q (S l) (INR i - h) * bspline q (t - INR i))
        + INR (S q) * (t - h) * (elementary q l (INR i - h) * bspline q (t - INR i)))).
      2:{ intros i _. replace (INR i - 1 - h) with (INR i - h - 1) by ring. rewrite elementary_first.
          cbn [elementary]. ring. }
      rewrite sum_plus, !sum_scale, !IHq by lra. cbn [binom pow]. rewrite plus_INR. ring.
Qed.

(** For every degree q >= 1, every l, every n, every t from q to n and every h: the B-splines that begin at 0, ...,
    n-1, with the l-th elementary symmetric polynomials of i-h+1, ..., i-h+q (their inner knots, seen from h) as
    coefficients, add up to C(q,l) (t-h)^l. *)
Theorem marsden : forall q n l t h, (1 <= q)%nat -> INR q <= t <= INR n ->
  sum n (fun i => elementary q l (INR i - h) * bspline q (t - INR i)) = INR (binom q l) * (t - h) ^ l.
Proof.
  intros q n l t h Hq Ht. destruct (Rlt_dec t (INR n)) as [|Hn]; [apply marsden_below; lra|].
  replace t with (INR n) in * by lra.
  rewrite <- (marsden_below h q (S n) l (INR n)) by (rewrite S_INR; lra).
  cbn [sum]. replace (INR n - INR n) with 0 by ring. rewrite bspline_at_zero by assumption. ring.
Qed.
