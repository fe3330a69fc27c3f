(** * The order of quasi-interpolation

    Where f is near polynomials as its Taylor polynomials are, the error of the networks of degree q = 1, ..., 5 falls
    like M^-(q+1); for functions of one variable with q+1 derivatives by Taylor's theorem (docs/multiplicative.md,
    "Error bounds", with the rougher constant of the norms). *)

From Coq Require Import Reals QArith Qreals ZArith Factorial List Lia Lra.
From Coquelicot Require Import Hierarchy Derive.
From Approxcert Require Import Sums Network LocalUnits BSplines LocalSum Tuples BoxWeights CubeSplines
  QuasiInterpolation CubeFunctionals.
Import ListNotations.
Local Open Scope R_scope.

(** Near every point x of the cube, f is a polynomial of degree at most q in every coordinate, but for K times the
    distance to the power q+1. *)
Definition near_polynomials (q m : nat) (K : R) (f : list R -> R) : Prop := forall x, cube m x -> exists alpha,
  forall y e, cube m y -> 0 <= e -> (forall i, (i < m)%nat -> Rabs (coord i y - coord i x) <= e) ->
  Rabs (f y - polynomial q m alpha y) <= K * e ^ (q + 1).

(** For the degrees q = 1, ..., 5, every M >= q, every dimension m and every f that is near polynomials with the
    constant K: if the rational coefficients are within tau of the functionals of f, the network is within (1 + L^m) K
    ((q+1)/M)^(q+1) + tau of f on the cube, L = 1, 4,
    35/3, 4849/90, 1089/5. *)
Theorem on_cube_order : forall q M m f K c tau, (1 <= q <= 5)%nat -> (q <= M)%nat -> near_polynomials q m K f ->
  (forall k, In k (indices q M m) -> Rabs (Q2R (c k) - coefficient M m (on_cube q M) f k) <= tau) ->
  forall r x, In r (readouts (real (cube_network q M m c))) -> cube m x ->
  Rabs (output (real (cube_network q M m c)) r x - f x)
    <= (1 + on_cube_norm q ^ m) * (K * ((INR q + 1) / INR M) ^ (q + 1)) + tau.
Proof.
  intros q M m f K c tau Hq HM Hf Hc r x Hr Hx. destruct (Hf x Hx) as [alpha Ha].
  apply on_cube_error with (alpha := alpha); try assumption. intros y Hy Hd. apply Ha; [assumption| |assumption].
  apply Rle_mult_inv_pos; [pose proof (pos_INR q); lra|]. apply lt_0_INR. lia.
Qed.

(** ** One variable: Taylor's theorem *)

(** The Taylor polynomial of degree [q] at [x]. *)
Definition taylor (f : R -> R) (q : nat) (x y : R) : R :=
  sum (S q) (fun j => Derive_n f j x / INR (fact j) * (y - x) ^ j).

Lemma sum_f_R0_sum : forall n z, sum_f_R0 z n = sum (S n) z.
Proof. induction n; intros; [simpl; ring|]. cbn [sum_f_R0]. rewrite IHn. reflexivity. Qed.

Lemma taylor_right : forall f q K x y, (forall t k, (k <= S q)%nat -> ex_derive_n f k t) -> x < y ->
  (forall t, x <= t <= y -> Rabs (Derive_n f (S q) t) <= K) ->
  Rabs (f y - taylor f q x y) <= K / INR (fact (S q)) * (y - x) ^ S q.
Proof.
  intros f q K x y Hf Hxy HK. destruct (Taylor_Lagrange f q x y Hxy) as [z [Hz ->]]; [intros; apply Hf; assumption|].
  rewrite sum_f_R0_sum. unfold taylor.
  rewrite (sum_ext (S q) _ (fun j => Derive_n f j x / INR (fact j) * (y - x) ^ j)) by (intros; unfold Rdiv; ring).
  match goal with |- Rabs (?s + ?a - ?s) <= _ => replace (s + a - s) with a by ring end.
  pose proof (INR_fact_lt_0 (S q)) as Hp. assert (0 < (y - x) ^ S q) by (apply pow_lt; lra).
  rewrite Rabs_mult, (Rabs_right (_ / _)) by (apply Rle_ge, Rle_mult_inv_pos; lra).
  replace (K / INR (fact (S q)) * (y - x) ^ S q) with ((y - x) ^ S q / INR (fact (S q)) * K) by (field; lra).
  apply Rmult_le_compat_l; [apply Rle_mult_inv_pos; lra|]. apply HK. lra.
Qed.

Lemma taylor_error : forall f q K x y, (forall t k, (k <= S q)%nat -> ex_derive_n f k t) ->
  (forall t, 0 <= t <= 1 -> Rabs (Derive_n f (S q) t) <= K) -> 0 <= x <= 1 -> 0 <= y <= 1 ->
  Rabs (f y - taylor f q x y) <= K / INR (fact (S q)) * Rabs (y - x) ^ S q.
Proof.
  intros f q K x y Hf HK Hx Hy. destruct (Rtotal_order x y) as [H|[<-|H]].
  - rewrite (Rabs_right (y - x)) by lra. apply taylor_right; try assumption. intros; apply HK; lra.
  - unfold taylor. rewrite sum_first, sum_zero.
    + cbn [Derive_n fact pow INR]. replace (f x - (f x / 1 * 1 + 0)) with 0 by field. replace (x - x) with 0 by ring.
      rewrite Rabs_R0. cbn [pow]. lra.
    + intros i _. replace (x - x) with 0 by ring. cbn [pow]. ring.
  - assert (N : forall k t, (k <= S q)%nat -> Derive_n (fun s => f (- s)) k t = (-1) ^ k * Derive_n f k (- t)).
    { intros k t Hk. apply Derive_n_comp_opp. apply filter_forall. intros s j Hj. apply Hf. lia. }
    pose proof (taylor_right (fun s => f (- s)) q K (- x) (- y)) as T.
    replace (taylor (fun s => f (- s)) q (- x) (- y)) with (taylor f q x y) in T.
    + rewrite Ropp_involutive in T. rewrite (Rabs_left (y - x)) by lra. replace (- (y - x)) with (- y - - x) by ring.
      apply T.
      * intros t k Hk. apply ex_derive_n_comp_opp. apply filter_forall. intros s j Hj. apply Hf. lia.
      * lra.
      * intros t Ht. rewrite N by lia. rewrite Rabs_mult, <- RPow_abs.
        replace (Rabs (-1)) with 1 by (rewrite Rabs_left; lra). rewrite pow1, Rmult_1_l. apply HK. lra.
    + unfold taylor. apply sum_ext. intros j Hj. rewrite N by lia. rewrite Ropp_involutive.
      replace (- y - - x) with (-1 * (y - x)) by ring. rewrite Rpow_mult_distr.
      transitivity ((((-1) ^ j * (-1) ^ j)) * (Derive_n f j x / INR (fact j) * (y - x) ^ j)); [|unfold Rdiv; ring].
      rewrite sign_square. ring.
Qed.

(** A polynomial in y - x is one in y. *)
Lemma recentred : forall x q a, exists b,
  forall y, sum (S q) (fun j => a j * (y - x) ^ j) = sum (S q) (fun e => b e * y ^ e).
Proof.
  intros x. induction q; intros a; [exists a; intros; simpl; ring|].
  destruct (IHq (fun j => a (S j))) as [b Hb].
  exists (fun e => match e with O => a 0%nat | S i => b i end - x * (if Nat.leb e q then b e else 0)). intros y.
  rewrite sum_first. rewrite (sum_ext (S q) _ (fun j => (y - x) * (a (S j) * (y - x) ^ j)))
    by (intros; cbn [pow]; ring).
  rewrite sum_scale, Hb.
  rewrite (sum_ext (S (S q)) _ (fun e => match e with O => a 0%nat | S i => b i end * y ^ e
    + - x * ((if Nat.leb e q then b e else 0) * y ^ e))) by (intros; ring).
  rewrite sum_plus, sum_scale, (sum_first (S q) (fun e => match e with O => _ | S i => _ end * _)). cbn [pow].
  change (sum (S (S q)) (fun e => (if Nat.leb e q then b e else 0) * y ^ e))
    with (sum (S q) (fun e => (if Nat.leb e q then b e else 0) * y ^ e) + (if Nat.leb (S q) q then b (S q) else 0)
      * y ^ S q).
  rewrite (proj2 (Nat.leb_gt (S q) q)) by lia.
  rewrite (sum_ext (S q) (fun e => (if Nat.leb e q then b e else 0) * y ^ e) (fun e => b e * y ^ e)).
  2:{ intros e He. rewrite (proj2 (Nat.leb_le e q)) by lia. reflexivity. }
  rewrite (sum_ext (S q) (fun i => b i * (y * y ^ i)) (fun i => y * (b i * y ^ i))) by (intros; ring).
  rewrite sum_scale. ring.
Qed.

(** Functions of one variable with bounded derivatives. *)
Lemma smooth_near_polynomials : forall q f K, (forall t k, (k <= S q)%nat -> ex_derive_n f k t) ->
  (forall t, 0 <= t <= 1 -> Rabs (Derive_n f (S q) t) <= K) ->
  near_polynomials q 1 (K / INR (fact (S q))) (fun x => f (coord 0 x)).
Proof.
  intros q f K Hf HK x Hx. destruct (recentred (coord 0 x) q (fun j => Derive_n f j (coord 0 x) / INR (fact j)))
    as [b Hb].
  exists (fun e => b (nth 0 e 0%nat)). intros y e Hy He Hd.
  replace (polynomial q 1 _ y) with (taylor f q (coord 0 x) (coord 0 y)).
  - assert (Hx0 : 0 <= coord 0 x <= 1) by (apply Hx; lia). assert (Hy0 : 0 <= coord 0 y <= 1) by (apply Hy; lia).
    eapply Rle_trans; [apply (taylor_error f q K); assumption|]. rewrite Nat.add_1_r.
    assert (HK0 : 0 <= K) by (eapply Rle_trans; [apply Rabs_pos|apply (HK 0); lra]).
    apply Rmult_le_compat_l; [apply Rle_mult_inv_pos; [assumption|apply INR_fact_lt_0]|].
    apply pow_incr. split; [apply Rabs_pos|]. apply Hd. lia.
  - unfold taylor. rewrite Hb. unfold polynomial, grid. cbn [repeat map tuples].
    rewrite sum_over_flat_map, sum_over_seq.
    apply sum_ext. intros i _. cbn [map sum_over prod nth]. ring.
Qed.

(** For the degrees q = 1, ..., 5, every M >= q and every function f of one variable with q+1 derivatives, the last of
    them at most K in size on [0,1]: if the rational coefficients are within tau of the functionals of f, the network
    with one input is within (1 + L) K ((q+1)/M)^(q+1) / (q+1)! + tau of f on [0,1], L = 1, 4,
    35/3, 4849/90, 1089/5. *)
Theorem on_line_order : forall q M f K c tau, (1 <= q <= 5)%nat -> (q <= M)%nat ->
  (forall t k, (k <= S q)%nat -> ex_derive_n f k t) ->
  (forall t, 0 <= t <= 1 -> Rabs (Derive_n f (S q) t) <= K) ->
  (forall k, In k (indices q M 1) -> Rabs (Q2R (c k) - coefficient M 1 (on_cube q M) (fun x => f (coord 0 x)) k)
    <= tau) ->
  forall r x, In r (readouts (real (cube_network q M 1 c))) -> 0 <= x <= 1 ->
  Rabs (output (real (cube_network q M 1 c)) r [x] - f x)
    <= (1 + on_cube_norm q) * (K / INR (fact (S q)) * ((INR q + 1) / INR M) ^ (q + 1)) + tau.
Proof.
  intros q M f K c tau Hq HM Hf HK Hc r x Hr Hx. rewrite <- (pow_1 (on_cube_norm q)).
  apply (on_cube_order q M 1 (fun x => f (coord 0 x))); try assumption; [apply smooth_near_polynomials; assumption|].
  split; [reflexivity|]. intros [|i] Hi; [exact Hx|lia].
Qed.
