(** * Quasi-interpolation of degrees 1 to 5 on the cube

    The functionals that constructs/functionals.py ([cube_axis]) solves for, on every mesh 1/M with M >= q: point
    values at the nodes for degree 1, three or four points of the unit interval for degrees 2 and 3, the same weights
    for all B-splines away from the ends; those of degrees 4 and 5 are in HighFunctionals.v. With them the theorems on
    quasi-interpolation hold without a hypothesis on functionals. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network BSplines Marsden Tuples CubeSplines QuasiInterpolation HighFunctionals.
Import ListNotations.
Local Open Scope R_scope.

(** ** Places, in units of 1/M, and weights *)

Definition linear (k : nat) : list (R * R) := [(INR k, 1)].

Definition quadratic (M k : nat) : list (R * R) :=
  let m := INR M in
  if Nat.eqb k 0 then [(0, 7/3); (1/2, -3/2); (3/2, 1/6)]
  else if Nat.eqb k 1 then [(0, -1/3); (1/2, 3/2); (3/2, -1/6)]
  else if Nat.eqb k M then [(m - 3/2, -1/6); (m - 1/2, 3/2); (m, -1/3)]
  else if Nat.eqb k (M + 1) then [(m - 3/2, 1/6); (m - 1/2, -3/2); (m, 7/3)]
  else [(INR k - 3/2, -1/8); (INR k - 1/2, 5/4); (INR k + 1/2, -1/8)].

Definition cubic (M k : nat) : list (R * R) :=
  let m := INR M in
  if Nat.eqb k 0 then [(0, 7/2); (1, -14/3); (2, 17/6); (3, -2/3)]
  else if Nat.eqb k 1 then [(0, 2/3); (1, 5/6); (2, -2/3); (3, 1/6)]
  else if Nat.eqb k (M + 1) then [(m - 3, 1/6); (m - 2, -2/3); (m - 1, 5/6); (m, 2/3)]
  else if Nat.eqb k (M + 2) then [(m - 3, -2/3); (m - 2, 17/6); (m - 1, -14/3); (m, 7/2)]
  else [(INR k - 2, -1/6); (INR k - 1, 4/3); (INR k, -1/6)].

(** The functionals of degree [q], and the largest sum of their weights' sizes. *)
Definition on_cube (q M : nat) : nat -> list (R * R) :=
  match q with 1 => linear | 2 => quadratic M | 3 => cubic M | 4 => quartic M | _ => quintic M end%nat.
Definition on_cube_norm (q : nat) : R :=
  match q with 1%nat => 1 | 2%nat => 4 | 3%nat => 35/3 | 4%nat => 4849/90 | _ => 1089/5 end.

(** ** They are what they must be *)

Lemma linear_reproduces : forall M, reproduces 1 M linear.
Proof.
  intros M k n Hk Hn. unfold linear. destruct n as [|[|n]]; [| |lia]; cbn [sum_over fst snd elementary binom pow];
    simpl; ring.
Qed.

Lemma quadratic_reproduces : forall M, (2 <= M)%nat -> reproduces 2 M (quadratic M).
Proof.
  intros M HM k n Hk Hn. unfold quadratic. positions k M;
    destruct n as [|[|[|n]]]; try lia; cbn [sum_over fst snd elementary binom pow Nat.add]; simpl INR; field.
Qed.

Lemma cubic_reproduces : forall M, (3 <= M)%nat -> reproduces 3 M (cubic M).
Proof.
  intros M HM k n Hk Hn. unfold cubic. positions k M;
    destruct n as [|[|[|[|n]]]]; try lia; cbn [sum_over fst snd elementary binom pow Nat.add]; simpl INR; field.
Qed.

Lemma linear_near : forall M, near 1 M linear.
Proof.
  intros M k p Hk [<-|[]]. cbn [fst]. apply Nat.le_succ_l in Hk. apply le_INR in Hk. rewrite S_INR, plus_INR in Hk.
  simpl INR in *. pose proof (pos_INR k). split; [lra|]. intros t Ht Hs. apply Rabs_le. lra.
Qed.

Lemma quadratic_near : forall M, (2 <= M)%nat -> near 2 M (quadratic M).
Proof.
  intros M HM k p Hk Hp. apply le_INR in HM. simpl INR in HM. unfold quadratic in Hp.
  positions_in Hp k.
  1-4: each_place Hp.
  assert (H2 : (2 <= k <= M - 1)%nat) by lia. destruct H2 as [H2 H3]. apply le_INR in H2, H3.
  rewrite minus_INR in H3 by lia. simpl INR in *. each_place Hp.
Qed.

Lemma cubic_near : forall M, (3 <= M)%nat -> near 3 M (cubic M).
Proof.
  intros M HM k p Hk Hp. apply le_INR in HM. simpl INR in HM. unfold cubic in Hp.
  positions_in Hp k.
  1-4: each_place Hp.
  assert (H2 : (2 <= k <= M)%nat) by lia. destruct H2 as [H2 H3]. apply le_INR in H2, H3. simpl INR in *. each_place Hp.
Qed.

(** For the degrees q = 1, ..., 5 and every M >= q the functionals reproduce polynomials, their places are near and in
    the unit interval, and the sizes of their weights add up to at most 1, 4, 35/3, 4849/90 and
    1089/5. *)
Theorem on_cube_functionals : forall q M, (1 <= q <= 5)%nat -> (q <= M)%nat ->
  reproduces q M (on_cube q M) /\ near q M (on_cube q M) /\ norm_at_most q M (on_cube_norm q) (on_cube q M).
Proof.
  intros q M Hq HM. assert (q = 1 \/ q = 2 \/ q = 3 \/ q = 4 \/ q = 5)%nat as [-> | [-> | [-> | [-> | ->]]]] by lia;
    cbn [on_cube on_cube_norm].
  - split; [apply linear_reproduces|split; [apply linear_near|]]. intros k Hk. unfold linear. sizes.
  - split; [apply quadratic_reproduces; assumption|split; [apply quadratic_near; assumption|]].
    intros k Hk. unfold quadratic. positions k M; sizes.
  - split; [apply cubic_reproduces; assumption|split; [apply cubic_near; assumption|]].
    intros k Hk. unfold cubic. positions k M; sizes.
  - split; [apply quartic_reproduces; assumption|split; [apply quartic_near; assumption|apply quartic_norm]].
  - split; [apply quintic_reproduces; assumption|split; [apply quintic_near; assumption|apply quintic_norm]].
Qed.

(** For the degrees q = 1, ..., 5, every M >= q and every dimension m: let x be a point of the cube and E such that some
    polynomial of degree at most q in every coordinate is within E of f at all points of the cube whose coordinates
    differ from those of x by at most (q+1)/M. If the rational coefficients are within tau of the functionals of f,
    the network is within (1 + L^m) E + tau of f at x, L = 1, 4, 35/3, 4849/90,
    1089/5. *)
Theorem on_cube_error : forall q M m f c tau alpha E x, (1 <= q <= 5)%nat -> (q <= M)%nat ->
  (forall k, In k (indices q M m) -> Rabs (Q2R (c k) - coefficient M m (on_cube q M) f k) <= tau) ->
  cube m x ->
  (forall y, cube m y -> (forall i, (i < m)%nat -> Rabs (coord i y - coord i x) <= (INR q + 1) / INR M) ->
    Rabs (f y - polynomial q m alpha y) <= E) ->
  forall r, In r (readouts (real (cube_network q M m c))) ->
  Rabs (output (real (cube_network q M m c)) r x - f x) <= (1 + on_cube_norm q ^ m) * E + tau.
Proof.
  intros q M m f c tau alpha E x Hq HM Hc Hx Hf r Hr. destruct (on_cube_functionals q M Hq HM) as [F1 [F2 F3]].
  apply quasi_interpolation_error with (fs := on_cube q M) (alpha := alpha); try assumption; lia.
Qed.

(** For the degrees q = 1, ..., 5, every M >= q and every dimension m: a network whose coefficients are the functionals
    of a polynomial of degree at most q in every coordinate is that polynomial on the whole cube. *)
Theorem on_cube_exact : forall q M m c alpha, (1 <= q <= 5)%nat -> (q <= M)%nat ->
  (forall k, In k (indices q M m) -> Q2R (c k) = coefficient M m (on_cube q M) (polynomial q m alpha) k) ->
  forall r x, In r (readouts (real (cube_network q M m c))) -> cube m x ->
  output (real (cube_network q M m c)) r x = polynomial q m alpha x.
Proof.
  intros q M m c alpha Hq HM Hc r x Hr Hx. destruct (on_cube_functionals q M Hq HM) as [F1 _].
  apply quasi_interpolation_exact with (fs := on_cube q M); try assumption; lia.
Qed.

(** Degree 1: the coefficients are values at nodes. *)
Lemma linear_coefficient : forall M m f k, In k (indices 1 M m) -> coefficient M m linear f k = f (node M k).
Proof.
  intros M m f k Hk. unfold coefficient.
  assert (E : forall k, tuples (map linear k) = [map (fun j => (INR j, 1)) k]).
  { clear. induction k as [|j k IH]; [reflexivity|]. cbn [map tuples linear flat_map]. rewrite IH. reflexivity. }
  rewrite E. cbn [sum_over]. unfold weights_of, point_of, node. rewrite map_map. cbn [fst].
  rewrite LocalUnits.prod_ones; [ring|]. intros i Hi.
  rewrite (nth_indep _ _ (INR 0, 1)), (map_nth (fun j => (INR j, 1))).
  - reflexivity.
  - rewrite map_length. rewrite (index_length 1 M m k Hk). assumption.
Qed.

(** For every mesh and every dimension: a hat network whose coefficients are a function's values at the nodes is that
    function on the whole cube, if it is affine in every coordinate (a sum of products of different coordinates). *)
Theorem hat_network_exact : forall M m c alpha, (1 <= M)%nat ->
  (forall k, In k (indices 1 M m) -> Q2R (c k) = polynomial 1 m alpha (node M k)) ->
  forall r x, In r (readouts (real (cube_network 1 M m c))) -> cube m x ->
  output (real (cube_network 1 M m c)) r x = polynomial 1 m alpha x.
Proof.
  intros M m c alpha HM Hc. apply (on_cube_exact 1 M m c alpha); try lia.
  intros k Hk. cbn [on_cube]. rewrite linear_coefficient by assumption. apply Hc. assumption.
Qed.
