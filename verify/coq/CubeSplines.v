(** * Multiplicative networks on the unit cube

    All B-splines that meet the cube [0,1]^m, M + q on every axis, begin at the knots -q/M, ..., (M-1)/M; the first
    index of a coefficient is 0 there. They add up to 1, so that a spline is a weighted mean of the coefficients whose
    B-splines meet the point: its error is at most that of these coefficients. With hats (q = 1) and point values at
    the nodes this bounds the error of the network by the function's modulus of continuity (arXiv 2602.06374;
    constructs/quasi_interpolation.py). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network LocalUnits BSplines Marsden Tuples BoxWeights Multiplicative.
Import ListNotations.
Local Open Scope R_scope.

(** The indices of the B-splines that meet the cube. *)
Definition indices (q M m : nat) : list (list nat) := grid (repeat (M + q)%nat m).

(** The spline and the network with these B-splines. *)
Definition cube_spline (q M m : nat) : (list nat -> R) -> list R -> R :=
  spline q M (- Z.of_nat q) (repeat (M + q)%nat m).
Definition cube_network (q M m : nat) (c : list nat -> Q) : network Q :=
  multiplicative q M (- Z.of_nat q) (repeat (M + q)%nat m) c.

(** The B-spline of the index [k]. *)
Definition tensor (q M m : nat) (x : list R) (k : list nat) : R :=
  prod m (fun i => bspline q (INR M * coord i x + INR q - INR (nth i k 0%nat))).

(** The point is strictly inside its support. *)
Definition meets (q M m : nat) (k : list nat) (x : list R) : Prop :=
  forall i, (i < m)%nat -> INR (nth i k 0%nat) - INR q < INR M * coord i x < INR (nth i k 0%nat) + 1.

Lemma cube_spline_tensor : forall q M m c x,
  cube_spline q M m c x = sum_over (indices q M m) (fun k => c k * tensor q M m x k).
Proof.
  intros. unfold cube_spline, spline, indices, tensor. apply sum_over_ext. intros k _. rewrite repeat_length. f_equal.
  apply prod_ext. intros i _. f_equal. rewrite opp_IZR, <- INR_IZR_INZ. ring.
Qed.

Lemma index_lt : forall q M m k i, In k (indices q M m) -> (i < m)%nat -> (nth i k 0 < M + q)%nat.
Proof.
  intros q M m k i Hk Hi. apply (in_grid _ _ i) in Hk; [|rewrite repeat_length; assumption].
  rewrite (nth_indep (repeat (M + q)%nat m) 0%nat (M + q)%nat), nth_repeat in Hk
    by (rewrite repeat_length; assumption). exact Hk.
Qed.

Lemma index_length : forall q M m k, In k (indices q M m) -> length k = m.
Proof. intros q M m k Hk. apply length_tuples in Hk. rewrite Hk, map_length, repeat_length. reflexivity. Qed.

(** A sum over all indices of products is a product of sums. *)
Lemma sum_indices : forall q M m (f : nat -> nat -> R),
  sum_over (indices q M m) (fun k => prod m (fun i => f i (nth i k 0%nat))) = prod m (fun i => sum (M + q) (f i)).
Proof.
  intros. unfold indices, grid. pose proof (sum_tuples _ 0%nat (map (seq 0) (repeat (M + q)%nat m)) f) as H.
  rewrite map_length, repeat_length in H. rewrite H. apply prod_ext. intros i Hi.
  rewrite (nth_indep _ [] (seq 0 (M + q))) by (rewrite map_length, repeat_length; assumption).
  rewrite map_nth, nth_repeat. apply sum_over_seq.
Qed.

Lemma cube_shift : forall q M m x i, cube m x -> (i < m)%nat -> INR q <= INR M * coord i x + INR q <= INR (M + q).
Proof. intros q M m x i [_ H] Hi. specialize (H i Hi). pose proof (pos_INR M). rewrite plus_INR. nra. Qed.

Lemma tensor_sum : forall q M m x, (1 <= q)%nat -> cube m x -> sum_over (indices q M m) (tensor q M m x) = 1.
Proof.
  intros q M m x Hq Hx. unfold tensor.
  rewrite (sum_indices q M m (fun i j => bspline q (INR M * coord i x + INR q - INR j))).
  apply prod_ones. intros i Hi. apply bspline_partition; [assumption|]. apply (cube_shift q M m); assumption.
Qed.

Lemma tensor_nonneg : forall q M m x k, 0 <= tensor q M m x k.
Proof. intros. apply prod_nonneg. intros. apply bspline_nonneg. Qed.

Lemma tensor_outside : forall q M m x k, (1 <= q)%nat -> tensor q M m x k <> 0 -> meets q M m k x.
Proof.
  intros q M m x k Hq H i Hi.
  destruct (Rlt_dec 0 (INR M * coord i x + INR q - INR (nth i k 0%nat))) as [H1|H1];
    [destruct (Rlt_dec (INR M * coord i x + INR q - INR (nth i k 0%nat)) (INR q + 1)) as [H2|H2]; [lra|]|];
    exfalso; apply H; unfold tensor; apply (prod_zero _ _ i Hi); apply bspline_support; try assumption; lra.
Qed.

(** On the cube the sum of all B-splines is 1, for every degree q >= 1, every mesh and every dimension. *)
Theorem tensor_partition : forall q M m x, (1 <= q)%nat -> cube m x -> cube_spline q M m (fun _ => 1) x = 1.
Proof.
  intros q M m x Hq Hx. rewrite cube_spline_tensor. transitivity (sum_over (indices q M m) (tensor q M m x)).
  - apply sum_over_ext. intros. ring.
  - apply tensor_sum; assumption.
Qed.

(** On the cube a spline is within eps of a number if those of its coefficients are whose B-splines meet the point;
    for every degree q >= 1, every mesh and every dimension. With the number 0: the spline is at most the largest
    coefficient. *)
Theorem cube_spline_mean : forall q M m c x v eps, (1 <= q)%nat -> cube m x ->
  (forall k, In k (indices q M m) -> meets q M m k x -> Rabs (c k - v) <= eps) ->
  Rabs (cube_spline q M m c x - v) <= eps.
Proof.
  intros q M m c x v eps Hq Hx H.
  replace (cube_spline q M m c x - v) with (sum_over (indices q M m) (fun k => (c k - v) * tensor q M m x k)).
  - eapply Rle_trans; [apply sum_over_abs|].
    replace eps with (eps * sum_over (indices q M m) (tensor q M m x)) by (rewrite tensor_sum by assumption; ring).
    rewrite <- sum_over_scale. apply sum_over_le. intros k Hk. pose proof (tensor_nonneg q M m x k) as Hp.
    rewrite Rabs_mult, (Rabs_right (tensor _ _ _ _ _)) by lra.
    destruct (Req_dec (tensor q M m x k) 0) as [->|Hn]; [lra|].
    apply Rmult_le_compat_r; [assumption|]. apply H; [assumption|]. apply tensor_outside; assumption.
  - rewrite cube_spline_tensor.
    transitivity (sum_over (indices q M m) (fun k => c k * tensor q M m x k)
      + (- v) * sum_over (indices q M m) (tensor q M m x)); [|rewrite tensor_sum by assumption; ring].
    rewrite <- sum_over_scale, <- sum_over_plus. apply sum_over_ext. intros. ring.
Qed.

Lemma cube_network_output : forall q M m c r x, (1 <= q)%nat -> In r (readouts (real (cube_network q M m c))) ->
  output (real (cube_network q M m c)) r x = cube_spline q M m (fun k => Q2R (c k)) x.
Proof. intros. apply multiplicative_output; assumption. Qed.

(** ** Hats: interpolation at the nodes *)

(** The node of an index: all coordinates divided by M. *)
Definition node (M : nat) (k : list nat) : list R := map (fun j => INR j / INR M) k.

Lemma coord_node : forall M k i, coord i (node M k) = INR (nth i k 0%nat) / INR M.
Proof.
  intros. unfold coord, node. replace 0 with ((fun j => INR j / INR M) 0%nat) by (simpl; unfold Rdiv; ring).
  apply (map_nth (fun j => INR j / INR M)).
Qed.

Lemma node_in_cube : forall M m k, (1 <= M)%nat -> In k (indices 1 M m) -> cube m (node M k).
Proof.
  intros M m k HM Hk. split; [unfold node; rewrite map_length; apply (index_length 1 M); assumption|].
  intros i Hi. rewrite coord_node. apply (index_lt _ _ _ _ i) in Hk; [|assumption].
  assert (0 < INR M) by (apply lt_0_INR; lia). assert (Hle : (nth i k 0 <= M)%nat) by lia. apply le_INR in Hle.
  pose proof (pos_INR (nth i k 0%nat)). split; [apply Rle_mult_inv_pos; assumption|].
  apply Rmult_le_reg_r with (INR M); [assumption|]. field_simplify; lra.
Qed.

(** For every mesh 1/M, every dimension m and every function f on the cube that changes by at most omega between
    points whose coordinates differ by at most 1/M: if the rational coefficients are within tau of f at the nodes,
    then the network with hats is within omega + tau of f everywhere on the cube. *)
Theorem hat_network_error : forall M m f omega tau c, (1 <= M)%nat ->
  (forall x y, cube m x -> cube m y -> (forall i, (i < m)%nat -> Rabs (coord i x - coord i y) <= 1 / INR M) ->
    Rabs (f x - f y) <= omega) ->
  (forall k, In k (indices 1 M m) -> Rabs (Q2R (c k) - f (node M k)) <= tau) ->
  forall r x, In r (readouts (real (cube_network 1 M m c))) -> cube m x ->
  Rabs (output (real (cube_network 1 M m c)) r x - f x) <= omega + tau.
Proof.
  intros M m f omega tau c HM Hf Hc r x Hr Hx. rewrite cube_network_output by (assumption || lia).
  apply cube_spline_mean; [lia|assumption|]. intros k Hk Hm.
  replace (Q2R (c k) - f x) with ((f (node M k) - f x) + (Q2R (c k) - f (node M k))) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat; [|apply Hc; assumption].
  apply Hf; [apply node_in_cube; assumption|assumption|]. intros i Hi. specialize (Hm i Hi). simpl INR in Hm.
  rewrite coord_node. assert (0 < INR M) by (apply lt_0_INR; lia).
  apply Rmult_le_reg_r with (INR M); [assumption|].
  rewrite <- (Rabs_right (INR M)) at 2 by lra. rewrite <- Rabs_mult.
  replace (1 / INR M * INR M) with 1 by (field; lra).
  replace ((INR (nth i k 0%nat) / INR M - coord i x) * INR M) with (INR (nth i k 0%nat) - INR M * coord i x)
    by (field; lra).
  apply Rabs_le. lra.
Qed.
