(** * Quasi-interpolation of every degree

    Coefficients from point values (constructs/quasi_interpolation.py): one functional for every B-spline of an axis,
    a weighted sum of values at points, and tensor products of these on m axes. If the weights solve the equations
    that constructs/functionals.py solves, polynomials of degree q in every coordinate are reproduced, and the error
    on the cube is at most 1 + L^m times that of the best polynomial near the point (docs/multiplicative.md). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network LocalUnits BSplines Marsden Tuples BoxWeights Multiplicative CubeSplines.
Import ListNotations.
Local Open Scope R_scope.

(** ** Definitions *)

(** The functionals of an axis: for every index the places, in units of 1/M, and their weights. *)
Notation functionals := (nat -> list (R * R)).

(** They take t^n to its coefficients, n = 0, ..., q: those of [marsden]. *)
Definition reproduces (q M : nat) (fs : functionals) : Prop := forall k n, (k < M + q)%nat -> (n <= q)%nat ->
  INR (binom q n) * sum_over (fs k) (fun p => snd p * fst p ^ n) = elementary q n (INR k - INR q).

(** The places lie in the unit interval, and within (q+1)/M of every point of it that the B-spline meets. *)
Definition near (q M : nat) (fs : functionals) : Prop := forall k p, (k < M + q)%nat -> In p (fs k) ->
  0 <= fst p <= INR M /\
  forall t, 0 <= t <= INR M -> INR k - INR q < t < INR k + 1 -> Rabs (fst p - t) <= INR q + 1.

(** The weights of each add up to at most [L], in absolute value. *)
Definition norm_at_most (q M : nat) (L : R) (fs : functionals) : Prop := forall k, (k < M + q)%nat ->
  sum_over (fs k) (fun p => Rabs (snd p)) <= L.

(** The tensor product of the functionals of the index [k], applied to [f]. *)
Definition weights_of (m : nat) (ps : list (R * R)) : R := prod m (fun i => snd (nth i ps (0, 0))).
Definition point_of (M : nat) (ps : list (R * R)) : list R := map (fun p => fst p / INR M) ps.
Definition coefficient (M m : nat) (fs : functionals) (f : list R -> R) (k : list nat) : R :=
  sum_over (tuples (map fs k)) (fun ps => weights_of m ps * f (point_of M ps)).

(** The polynomial of degree at most [q] in each of [m] coordinates with the coefficients [alpha]. *)
Definition polynomial (q m : nat) (alpha : list nat -> R) (x : list R) : R :=
  sum_over (grid (repeat (S q) m)) (fun e => alpha e * prod m (fun i => coord i x ^ nth i e 0%nat)).

(** ** Tensor products of functionals *)

Lemma coord_point : forall M ps i, coord i (point_of M ps) = fst (nth i ps (0, 0)) / INR M.
Proof.
  intros. unfold coord, point_of. replace 0 with ((fun p : R * R => fst p / INR M) (0, 0)) at 1
    by (simpl; unfold Rdiv; ring).
  apply (map_nth (fun p : R * R => fst p / INR M)).
Qed.

Lemma nth_functional : forall (fs : functionals) k m i, length k = m -> (i < m)%nat ->
  nth i (map fs k) [] = fs (nth i k 0%nat).
Proof.
  intros. rewrite (nth_indep _ [] (fs 0%nat)) by (rewrite map_length; lia). apply map_nth.
Qed.

Lemma sum_functionals : forall (fs : functionals) k m (g : nat -> R * R -> R), length k = m ->
  sum_over (tuples (map fs k)) (fun ps => prod m (fun i => g i (nth i ps (0, 0))))
  = prod m (fun i => sum_over (fs (nth i k 0%nat)) (g i)).
Proof.
  intros fs k m g Hk. pose proof (sum_tuples _ (0, 0) (map fs k) g) as H. rewrite map_length, Hk in H. rewrite H.
  apply prod_ext. intros i Hi. rewrite (nth_functional fs k m) by assumption. reflexivity.
Qed.

Lemma coefficient_minus : forall M m fs f g k,
  coefficient M m fs (fun y => f y - g y) k = coefficient M m fs f k - coefficient M m fs g k.
Proof.
  intros. unfold coefficient, Rminus. rewrite <- (Rmult_1_l (sum_over _ (fun ps => _ * g _))),
    <- Ropp_mult_distr_l_reverse.
  rewrite <- sum_over_scale, <- sum_over_plus. apply sum_over_ext. intros. ring.
Qed.

(** The norm of the tensor product. *)
Lemma coefficient_bound : forall q M m L fs f k E, norm_at_most q M L fs -> In k (indices q M m) -> 0 <= E ->
  (forall ps, In ps (tuples (map fs k)) -> Rabs (f (point_of M ps)) <= E) ->
  Rabs (coefficient M m fs f k) <= L ^ m * E.
Proof.
  intros q M m L fs f k E HL Hk HE H. eapply Rle_trans; [apply sum_over_abs|].
  apply Rle_trans with (sum_over (tuples (map fs k)) (fun ps => E * prod m (fun i => Rabs (snd (nth i ps (0, 0)))))).
  - apply sum_over_le. intros ps Hps. rewrite Rabs_mult, Rmult_comm. unfold weights_of.
    assert (A : forall n z, Rabs (prod n z) = prod n (fun i => Rabs (z i))).
    { clear. induction n; intros; simpl; [apply Rabs_R1|]. rewrite Rabs_mult, IHn. reflexivity. }
    rewrite A. apply Rmult_le_compat_r; [apply prod_nonneg; intros; apply Rabs_pos|]. apply H; assumption.
  - rewrite sum_over_scale, Rmult_comm. apply Rmult_le_compat_r; [assumption|].
    rewrite (sum_functionals fs k m (fun _ p => Rabs (snd p))) by (apply (index_length q M); assumption).
    assert (B : forall n, (n <= m)%nat -> 0 <= prod n (fun i => sum_over (fs (nth i k 0%nat)) (fun p => Rabs (snd p)))
      <= L ^ n).
    { induction n as [|n IH]; intros Hn; [simpl; lra|]. cbn [prod]. specialize (IH ltac:(lia)).
      assert (0 <= sum_over (fs (nth n k 0%nat)) (fun p => Rabs (snd p))).
      { eapply Rle_trans; [apply Rabs_pos|apply (sum_over_abs _ (fun p => snd p))]. }
      assert (sum_over (fs (nth n k 0%nat)) (fun p => Rabs (snd p)) <= L)
        by (apply HL, (index_lt q M m); [assumption|lia]).
      split; [apply Rmult_le_pos; lra|]. change (L ^ S n) with (L * L ^ n). rewrite (Rmult_comm L).
      apply Rmult_le_compat; lra. }
    apply B. lia.
Qed.

(** ** Polynomials are reproduced *)

Lemma binom_pos : forall q n, (n <= q)%nat -> (0 < binom q n)%nat.
Proof.
  induction q; intros [|n] H; try lia; cbn [binom]; [lia|lia|]. assert (0 < binom q n)%nat by (apply IHq; lia). lia.
Qed.

(** One power on one axis. *)
Lemma power_reproduced : forall q M fs n x, (1 <= q)%nat -> (1 <= M)%nat -> reproduces q M fs -> (n <= q)%nat ->
  0 <= x <= 1 ->
  sum (M + q) (fun k => sum_over (fs k) (fun p => snd p * (fst p / INR M) ^ n)
    * bspline q (INR M * x + INR q - INR k)) = x ^ n.
Proof.
  intros q M fs n x Hq HM Hr Hn Hx. assert (0 < INR M) by (apply lt_0_INR; lia).
  assert (Hb : 0 < INR (binom q n)) by (apply lt_0_INR, binom_pos; assumption).
  assert (HMn : 0 < INR M ^ n) by (apply pow_lt; assumption).
  apply Rmult_eq_reg_l with (INR (binom q n) * INR M ^ n); [|apply Rgt_not_eq, Rmult_lt_0_compat; assumption].
  transitivity (INR (binom q n) * (INR M * x + INR q - INR q) ^ n).
  - rewrite <- (marsden q (M + q)) by (try assumption; rewrite plus_INR; nra). rewrite <- sum_scale.
    apply sum_ext. intros k Hk. rewrite <- (Hr k n) by assumption. rewrite <- !Rmult_assoc. f_equal.
    rewrite !Rmult_assoc. f_equal. rewrite <- sum_over_scale. apply sum_over_ext. intros p _.
    unfold Rdiv. rewrite Rpow_mult_distr, pow_inv. field. lra.
  - replace (INR M * x + INR q - INR q) with (INR M * x) by ring. rewrite Rpow_mult_distr. ring.
Qed.

Lemma polynomial_reproduced : forall q M m fs alpha x, (1 <= q)%nat -> (1 <= M)%nat -> reproduces q M fs -> cube m x ->
  cube_spline q M m (coefficient M m fs (polynomial q m alpha)) x = polynomial q m alpha x.
Proof.
  intros q M m fs alpha x Hq HM Hr Hx. rewrite cube_spline_tensor.
  transitivity (sum_over (grid (repeat (S q) m)) (fun e => alpha e * sum_over (indices q M m) (fun k =>
    prod m (fun i => sum_over (fs (nth i k 0%nat)) (fun p => snd p * (fst p / INR M) ^ nth i e 0%nat)
      * bspline q (INR M * coord i x + INR q - INR (nth i k 0%nat)))))).
  - transitivity (sum_over (indices q M m) (fun k => sum_over (grid (repeat (S q) m)) (fun e => alpha e *
      prod m (fun i => sum_over (fs (nth i k 0%nat)) (fun p => snd p * (fst p / INR M) ^ nth i e 0%nat)
        * bspline q (INR M * coord i x + INR q - INR (nth i k 0%nat)))))).
    + apply sum_over_ext. intros k Hk. rewrite Rmult_comm. unfold coefficient, polynomial.
      rewrite (sum_over_ext (tuples _) _ (fun ps => sum_over (grid (repeat (S q) m)) (fun e => alpha e *
        prod m (fun i => snd (nth i ps (0, 0)) * (fst (nth i ps (0, 0)) / INR M) ^ nth i e 0%nat)))).
      2:{ intros ps _. rewrite <- sum_over_scale. apply sum_over_ext. intros e _. rewrite prod_mult. unfold weights_of.
          rewrite (prod_ext m (fun i => coord i _ ^ _) (fun i => (fst (nth i ps (0, 0)) / INR M) ^ nth i e 0%nat))
            by (intros; rewrite coord_point; reflexivity). ring. }
      rewrite sum_over_swap, <- sum_over_scale. apply sum_over_ext. intros e _. rewrite sum_over_scale.
      rewrite (sum_functionals fs k m (fun i p => snd p * (fst p / INR M) ^ nth i e 0%nat))
        by (apply (index_length q M); assumption).
      rewrite prod_mult. unfold tensor. ring.
    + rewrite sum_over_swap. apply sum_over_ext. intros e _. apply sum_over_scale.
  - apply sum_over_ext. intros e He. f_equal.
    rewrite (sum_indices q M m (fun i j => sum_over (fs j) (fun p => snd p * (fst p / INR M) ^ nth i e 0%nat)
      * bspline q (INR M * coord i x + INR q - INR j))).
    apply prod_ext. intros i Hi. apply power_reproduced; try assumption; [|apply Hx; assumption].
    apply (in_grid _ _ i) in He; [|rewrite repeat_length; assumption].
    rewrite (nth_indep (repeat (S q) m) 0%nat (S q)), nth_repeat in He by (rewrite repeat_length; assumption). lia.
Qed.

(** ** Errors *)

Lemma point_near : forall q M m fs k ps x, (1 <= M)%nat -> near q M fs -> In k (indices q M m) -> cube m x ->
  meets q M m k x -> In ps (tuples (map fs k)) ->
  cube m (point_of M ps) /\ forall i, (i < m)%nat -> Rabs (coord i (point_of M ps) - coord i x) <= (INR q + 1) / INR M.
Proof.
  intros q M m fs k ps x HM Hn Hk Hx Hm Hps. assert (HM' : 0 < INR M) by (apply lt_0_INR; lia).
  pose proof (index_length q M m k Hk) as Hl.
  assert (P : forall i, (i < m)%nat -> In (nth i ps (0, 0)) (fs (nth i k 0%nat))).
  { intros i Hi. rewrite <- (nth_functional fs k m) by assumption.
    apply in_tuples; [assumption|rewrite map_length; lia]. }
  assert (T : forall i, (i < m)%nat -> 0 <= INR M * coord i x <= INR M).
  { intros i Hi. destruct Hx as [_ Hx]. specialize (Hx i Hi). nra. }
  split; [split|].
  - unfold point_of. rewrite map_length. apply length_tuples in Hps. rewrite Hps, map_length. assumption.
  - intros i Hi. destruct (Hn _ _ (index_lt q M m k i Hk Hi) (P i Hi)) as [B _]. rewrite coord_point.
    split; [apply Rle_mult_inv_pos; lra|]. apply Rmult_le_reg_r with (INR M); [assumption|]. field_simplify; lra.
  - intros i Hi. destruct (Hn _ _ (index_lt q M m k i Hk Hi) (P i Hi)) as [_ B]. rewrite coord_point.
    specialize (B (INR M * coord i x) (T i Hi) (Hm i Hi)).
    apply Rmult_le_reg_r with (INR M); [assumption|].
    rewrite <- (Rabs_right (INR M)) at 2 by lra. rewrite <- Rabs_mult.
    replace ((INR q + 1) / INR M * INR M) with (INR q + 1) by (field; lra).
    replace ((fst (nth i ps (0, 0)) / INR M - coord i x) * INR M) with (fst (nth i ps (0, 0)) - INR M * coord i x)
      by (field; lra).
    assumption.
Qed.

(** For every degree q >= 1, mesh 1/M and dimension m, and all functionals of norm at most L that solve the equations and
    whose places are in the cube and within (q+1)/M of the points that their B-spline meets: let x be a point of the cube and E such that some polynomial of degree at most q in every coordinate is within E
    of f at all points of the cube whose coordinates differ from those of x by at most (q+1)/M. If the rational
    coefficients are within tau of the functionals of f, the network is within (1 + L^m) E + tau of f at x. *)
Theorem quasi_interpolation_error : forall q M m L fs f c tau alpha E x, (1 <= q)%nat -> (1 <= M)%nat ->
  reproduces q M fs -> near q M fs -> norm_at_most q M L fs ->
  (forall k, In k (indices q M m) -> Rabs (Q2R (c k) - coefficient M m fs f k) <= tau) ->
  cube m x ->
  (forall y, cube m y -> (forall i, (i < m)%nat -> Rabs (coord i y - coord i x) <= (INR q + 1) / INR M) ->
    Rabs (f y - polynomial q m alpha y) <= E) ->
  forall r, In r (readouts (real (cube_network q M m c))) ->
  Rabs (output (real (cube_network q M m c)) r x - f x) <= (1 + L ^ m) * E + tau.
Proof.
  intros q M m L fs f c tau alpha E x Hq HM Hr Hn HL Hc Hx Hf r Hin. rewrite cube_network_output by assumption.
  set (p := polynomial q m alpha). fold p in Hf.
  assert (HM' : 0 < INR M) by (apply lt_0_INR; lia).
  assert (Ex : Rabs (f x - p x) <= E).
  { apply Hf; [assumption|]. intros i _. replace (coord i x - coord i x) with 0 by ring. rewrite Rabs_R0.
    apply Rle_mult_inv_pos; [pose proof (pos_INR q); lra|assumption]. }
  assert (E0 : 0 <= E) by (pose proof (Rabs_pos (f x - p x)); lra).
  (* the spline of c - lambda(p) is small, and that of lambda(p) is p *)
  assert (S : Rabs (cube_spline q M m (fun k => Q2R (c k) - coefficient M m fs p k) x - 0) <= L ^ m * E + tau).
  { apply cube_spline_mean; [assumption|assumption|]. intros k Hk Hm.
    replace (Q2R (c k) - coefficient M m fs p k - 0)
      with (coefficient M m fs (fun y => f y - p y) k + (Q2R (c k) - coefficient M m fs f k))
      by (rewrite coefficient_minus; ring).
    eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat; [|apply Hc; assumption].
    apply (coefficient_bound q); try assumption. intros ps Hps.
    destruct (point_near q M m fs k ps x HM Hn Hk Hx Hm Hps). apply Hf; assumption. }
  assert (D : cube_spline q M m (fun k => Q2R (c k) - coefficient M m fs p k) x
    = cube_spline q M m (fun k => Q2R (c k)) x - p x).
  { unfold p. rewrite <- (polynomial_reproduced q M m fs alpha x) by assumption. rewrite !cube_spline_tensor.
    transitivity (sum_over (indices q M m) (fun k => Q2R (c k) * tensor q M m x k)
      + -1 * sum_over (indices q M m) (fun k => coefficient M m fs (polynomial q m alpha) k * tensor q M m x k));
          [|ring].
    rewrite <- sum_over_scale, <- sum_over_plus. apply sum_over_ext. intros; ring. }
  rewrite D in S. replace (cube_spline q M m (fun k => Q2R (c k)) x - f x)
    with ((cube_spline q M m (fun k => Q2R (c k)) x - p x - 0) + - (f x - p x)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra.
Qed.

(** For every degree q >= 1, mesh 1/M and dimension m, and all functionals that solve the equations: a network whose
    coefficients are the functionals of a polynomial of degree at most q in every coordinate is that polynomial on the
    whole cube. *)
Theorem quasi_interpolation_exact : forall q M m fs c alpha, (1 <= q)%nat -> (1 <= M)%nat -> reproduces q M fs ->
  (forall k, In k (indices q M m) -> Q2R (c k) = coefficient M m fs (polynomial q m alpha) k) ->
  forall r x, In r (readouts (real (cube_network q M m c))) -> cube m x ->
  output (real (cube_network q M m c)) r x = polynomial q m alpha x.
Proof.
  intros q M m fs c alpha Hq HM Hr Hc r x Hin Hx. rewrite cube_network_output by assumption.
  rewrite <- (polynomial_reproduced q M m fs alpha x) by assumption. rewrite !cube_spline_tensor.
  apply sum_over_ext. intros k Hk. rewrite Hc by assumption. reflexivity.
Qed.
