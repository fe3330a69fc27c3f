(** * Hat networks: errors of second order

    If the derivative of f along every axis is Lipschitz, with the constants K_i, the network of degree 1 with the
    mesh 1/M whose coefficients are f's values at the nodes is within (K_1 + ... + K_m) / (8 M^2) of f on the cube
    (docs/multiplicative.md, "Error bounds"): one coordinate after the other, and on a line because
    K s^2/2 + f and K s^2/2 - f are convex. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra Psatz.
From Approxcert Require Import Sums Network LocalUnits BSplines LocalSum Tuples BoxWeights Multiplicative CubeSplines.
Import ListNotations.
Local Open Scope R_scope.

(** ** Functions along an axis *)

(** The point with the coordinate [i] replaced by [s]. *)
Fixpoint replaced (i : nat) (s : R) (x : list R) : list R :=
  match x, i with
  | [], _ => []
  | _ :: x', O => s :: x'
  | t :: x', S j => t :: replaced j s x'
  end.

(** On the cube the function [f] is on every segment of direction [i] from its chord by at most K (t-a)(b-t)/2. *)
Definition bends (m i : nat) (K : R) (f : list R -> R) : Prop :=
  forall x a t b, cube m x -> 0 <= a <= t -> t <= b <= 1 ->
  Rabs ((b - t) * f (replaced i a x) + (t - a) * f (replaced i b x) - (b - a) * f (replaced i t x))
  <= K / 2 * (t - a) * (b - t) * (b - a).

(** The derivative of [f] along [i], at the points of the cube, is [D], and Lipschitz along [i] with constant [K]. *)
Definition smooth_along (m i : nat) (K : R) (f D : list R -> R) : Prop :=
  (forall x s, cube m x -> 0 <= s <= 1 -> derivable_pt_lim (fun r => f (replaced i r x)) s (D (replaced i s x))) /\
  (forall x s r, cube m x -> 0 <= s <= 1 -> 0 <= r <= 1 ->
    Rabs (D (replaced i s x) - D (replaced i r x)) <= K * Rabs (s - r)).

(** A function whose derivative grows lies below its chords. *)
Lemma below_chord : forall w d a t b, a < t < b -> (forall s, a <= s <= b -> derivable_pt_lim w s (d s)) ->
  (forall s r, a <= s -> s <= r -> r <= b -> d s <= d r) -> (b - a) * w t <= (b - t) * w a + (t - a) * w b.
Proof.
  intros w d a t b Ht Hw Hd.
  destruct (MVT_cor2 w d a t) as [u [Hu Hau]]; [lra|intros; apply Hw; lra|].
  destruct (MVT_cor2 w d t b) as [v [Hv Hbv]]; [lra|intros; apply Hw; lra|].
  assert (H : d u <= d v) by (apply Hd; lra).
  assert ((t - a) * ((b - t) * d u) <= (t - a) * ((b - t) * d v))
    by (do 2 (apply Rmult_le_compat_l; [lra|]); assumption).
  nra.
Qed.

Lemma derivable_parabola : forall K sign f s d, derivable_pt_lim f s d ->
  derivable_pt_lim (fun r => K / 2 * (r * r) + sign * f r) s (K * s + sign * d).
Proof.
  intros K sign f s d H. replace (K * s) with (K / 2 * (1 * s + s * 1)) by field.
  apply (derivable_pt_lim_plus (fun r => K / 2 * (r * r)) (fun r => sign * f r)).
  - apply (derivable_pt_lim_scal (fun r => r * r)). apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
  - apply (derivable_pt_lim_scal f). assumption.
Qed.

Lemma smooth_bends : forall m i K f D, smooth_along m i K f D -> bends m i K f.
Proof.
  intros m i K f D [HD HL] x a t b Hx Ha Hb.
  destruct (Req_dec a t) as [->|Hat].
  { replace (_ - _) with 0 by ring. rewrite Rabs_R0. replace (t - t) with 0 by ring. lra. }
  destruct (Req_dec t b) as [->|Htb].
  { replace (_ - _) with 0 by ring. rewrite Rabs_R0. replace (b - b) with 0 by ring. lra. }
  set (g := fun s => f (replaced i s x)). set (d := fun s => D (replaced i s x)).
  assert (C : forall sign, Rabs sign = 1 -> (b - a) * (K / 2 * (t * t) + sign * g t)
    <= (b - t) * (K / 2 * (a * a) + sign * g a) + (t - a) * (K / 2 * (b * b) + sign * g b)).
  { intros sign Hs. apply (below_chord (fun r => K / 2 * (r * r) + sign * g r) (fun r => K * r + sign * d r)); [lra| |].
    - intros s H. apply derivable_parabola. apply HD; [assumption|lra].
    - intros s r H1 H2 H3. assert (H : Rabs (sign * (d s - d r)) <= K * (r - s)).
      { rewrite Rabs_mult, Hs, Rmult_1_l. replace (r - s) with (Rabs (s - r)) by (rewrite Rabs_left1; lra).
        apply HL; [assumption|lra|lra]. }
      pose proof (Rle_abs (sign * (d s - d r))). lra. }
  fold (g a) (g b) (g t). pose proof (C 1 ltac:(apply Rabs_R1)). pose proof (C (-1) ltac:(rewrite Rabs_left; lra)).
  apply Rabs_le. split; nra.
Qed.

(** ** One coordinate *)

Lemma hat_up : forall v, 0 <= v <= 1 -> bspline 1 v = v.
Proof.
  intros v H. cbn [bspline INR]. destruct (Rle_dec 0 v), (Rlt_dec v 1), (Rle_dec 0 (v - 1)), (Rlt_dec (v - 1) 1); lra.
Qed.

Lemma hat_down : forall v, 1 <= v <= 2 -> bspline 1 v = 2 - v.
Proof.
  intros v H. cbn [bspline INR]. destruct (Rle_dec 0 v), (Rlt_dec v 1), (Rle_dec 0 (v - 1)), (Rlt_dec (v - 1) 1); lra.
Qed.

Lemma cell_of : forall M u, (1 <= M)%nat -> 0 <= u <= INR M -> exists j, (j < M)%nat /\ INR j <= u <= INR j + 1.
Proof.
  induction M as [|M IH]; intros u HM Hu; [lia|]. rewrite S_INR in Hu.
  destruct (Rle_dec (INR M) u) as [H|H]; [exists M; split; [lia|lra]|].
  destruct M as [|M]; [simpl in *; lra|]. destruct (IH u) as [j [Hj H']]; [lia|lra|]. exists j. split; [lia|assumption].
Qed.

(** Interpolation of a function of one variable. *)
Lemma line_error : forall M g K t, (1 <= M)%nat -> 0 <= t <= 1 ->
  (forall a s b, 0 <= a <= s -> s <= b <= 1 ->
    Rabs ((b - s) * g a + (s - a) * g b - (b - a) * g s) <= K / 2 * (s - a) * (b - s) * (b - a)) ->
  Rabs (sum (M + 1) (fun j => bspline 1 (INR M * t + 1 - INR j) * g (INR j / INR M)) - g t)
    <= K / (8 * (INR M * INR M)).
Proof.
  intros M g K t HM Ht Hg. assert (Hm : 0 < INR M) by (apply lt_0_INR; lia).
  assert (HK : 0 <= K).
  { pose proof (Hg 0 (1/2) 1 ltac:(lra) ltac:(lra)) as H.
    pose proof (Rabs_pos ((1 - 1/2) * g 0 + (1/2 - 0) * g 1 - (1 - 0) * g (1/2))). lra. }
  destruct (cell_of M (INR M * t) HM ltac:(nra)) as [j [Hj Hjt]].
  rewrite (sum_window (M + 1) j 2); [|lia|].
  2:{ intros i Hi Hij. rewrite bspline_support; [ring|lia|]. simpl INR.
      destruct Hij as [Hij|Hij]; [apply Nat.le_succ_l in Hij|]; apply le_INR in Hij; rewrite ?S_INR, ?plus_INR in Hij;
        simpl INR in Hij; lra. }
  cbn [sum]. rewrite Nat.add_0_r, (plus_INR j 1). change (INR 1) with 1.
  rewrite hat_down, hat_up by lra.
  set (a := INR j / INR M). set (b := (INR j + 1) / INR M).
  assert (Ea : INR M * a = INR j) by (unfold a; field; lra).
  assert (Eb : INR M * b = INR j + 1) by (unfold b; field; lra).
  assert (Ha : 0 <= a) by (apply Rmult_le_reg_l with (INR M); [assumption|]; rewrite Ea; pose proof (pos_INR j); lra).
  assert (Hat : a <= t) by (apply Rmult_le_reg_l with (INR M); [assumption|]; lra).
  assert (Htb : t <= b) by (apply Rmult_le_reg_l with (INR M); [assumption|]; lra).
  assert (Hb : b <= 1).
  { apply Rmult_le_reg_l with (INR M); [assumption|]. apply Nat.le_succ_l, le_INR in Hj. rewrite S_INR in Hj. lra. }
  specialize (Hg a t b ltac:(lra) ltac:(lra)).
  replace (0 + (2 - (INR M * t + 1 - INR j)) * g a + (INR M * t + 1 - (INR j + 1)) * g b - g t)
    with (INR M * ((b - t) * g a + (t - a) * g b - (b - a) * g t)).
  2:{ transitivity ((INR M * b - INR M * t) * g a + (INR M * t - INR M * a) * g b - (INR M * b - INR M * a) * g t);
        [ring|].
      rewrite Ea, Eb. ring. }
  rewrite Rabs_mult, (Rabs_right (INR M)) by lra.
  apply Rle_trans with (INR M * (K / 2 * (t - a) * (b - t) * (b - a))); [apply Rmult_le_compat_l; lra|].
  set (r := INR M * t - INR j).
  replace (t - a) with (r / INR M) by (unfold r, a; field; lra).
  replace (b - t) with ((1 - r) / INR M) by (unfold r, b; field; lra).
  replace (b - a) with (1 / INR M) by (unfold a, b; field; lra).
  replace (INR M * (K / 2 * (r / INR M) * ((1 - r) / INR M) * (1 / INR M)))
    with ((K * (4 * (r * (1 - r)))) * / (8 * (INR M * INR M))) by (field; lra).
  unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; nra|].
  rewrite <- (Rmult_1_r K) at 2. apply Rmult_le_compat_l; [assumption|]. pose proof (pow2_ge_0 (2 * r - 1)). nra.
Qed.

(** ** All coordinates *)

(** The first coordinate of a spline set apart. *)
Lemma spline_first : forall q M m c t y, cube_spline q M (S m) c (t :: y) =
  sum (M + q) (fun j => bspline q (INR M * t + INR q - INR j) * cube_spline q M m (fun k => c (j :: k)) y).
Proof.
  intros. rewrite cube_spline_tensor. unfold indices, grid. cbn [repeat map tuples].
  rewrite sum_over_flat_map, sum_over_seq.
  apply sum_ext. intros j _. rewrite sum_over_map, cube_spline_tensor, <- sum_over_scale. apply sum_over_ext.
  intros k _.
  unfold tensor. rewrite prod_first. unfold coord. cbn [nth]. ring.
Qed.

Lemma cube_cons : forall m t y, cube (S m) (t :: y) <-> 0 <= t <= 1 /\ cube m y.
Proof.
  intros m t y. unfold cube, coord. cbn [length]. split.
  - intros [Hl H]. split; [apply (H 0%nat); lia|]. split; [congruence|]. intros i Hi. apply (H (S i)). lia.
  - intros [Ht [Hl H]]. split; [congruence|]. intros [|i] Hi; [exact Ht|apply H; lia].
Qed.

Lemma interpolation_error : forall M m f K x, (1 <= M)%nat ->
  (forall i, (i < m)%nat -> bends m i (K i) f) -> cube m x ->
  Rabs (cube_spline 1 M m (fun k => f (node M k)) x - f x) <= sum m K / (8 * (INR M * INR M)).
Proof.
  intros M m f K x HM. revert f K x. assert (Hm : 0 < INR M) by (apply lt_0_INR; lia).
  induction m as [|m IH]; intros f K x HK Hx.
  - destruct Hx as [Hl _]. apply length_zero_iff_nil in Hl as ->. rewrite cube_spline_tensor.
    unfold indices, grid, tensor, node. cbn [repeat map tuples sum_over prod sum].
    replace (_ - _) with 0 by ring. rewrite Rabs_R0. unfold Rdiv. lra.
  - destruct x as [|t y]; [destruct Hx; discriminate|]. apply cube_cons in Hx as [Ht Hy].
    set (b := fun j => bspline 1 (INR M * t + 1 - INR j)).
    rewrite spline_first. change (INR 1) with 1. rewrite sum_first.
    set (e := sum m (fun i => K (S i)) / (8 * (INR M * INR M))).
    assert (Hb : sum (M + 1) b = 1).
    { unfold b. change 1 with (INR 1) at 2. apply bspline_partition; [lia|]. rewrite plus_INR. simpl INR. nra. }
    assert (Htail : Rabs (sum (M + 1) (fun j => b j * (cube_spline 1 M m (fun k => f (node M (j :: k))) y
      - f (INR j / INR M :: y)))) <= e).
    { eapply Rle_trans; [apply sum_abs|]. replace e with (e * sum (M + 1) b) by (rewrite Hb; ring).
      rewrite <- sum_scale.
      apply sum_le. intros j Hj. rewrite Rabs_mult, Rmult_comm, (Rabs_right (b j)) by (apply Rle_ge, bspline_nonneg).
      apply Rmult_le_compat_r; [apply bspline_nonneg|].
      assert (Hj' : 0 <= INR j / INR M <= 1).
      { assert (H : (j <= M)%nat) by lia. apply le_INR in H. pose proof (pos_INR j).
        split; [apply Rle_mult_inv_pos; assumption|]. apply Rmult_le_reg_r with (INR M); [assumption|].
        field_simplify; lra. }
      apply (IH (fun z => f (INR j / INR M :: z)) (fun i => K (S i)) y); [|assumption].
      intros i Hi z p s r Hz Hp Hr. apply (HK (S i) ltac:(lia) (INR j / INR M :: z)); try assumption.
      apply cube_cons; split; assumption. }
    assert (Hhead : Rabs (sum (M + 1) (fun j => b j * f (INR j / INR M :: y)) - f (t :: y))
      <= K 0%nat / (8 * (INR M * INR M))).
    { apply (line_error M (fun s => f (s :: y))); try assumption. intros p s r Hp Hr.
      apply (HK 0%nat ltac:(lia) (t :: y)); try assumption. apply cube_cons; split; assumption. }
    match goal with |- Rabs (?S - _) <= _ => replace (S - f (t :: y))
      with (sum (M + 1) (fun j => b j * (cube_spline 1 M m (fun k => f (node M (j :: k))) y - f (INR j / INR M :: y)))
      + (sum (M + 1) (fun j => b j * f (INR j / INR M :: y)) - f (t :: y))) end.
    + eapply Rle_trans; [apply Rabs_triang|]. unfold e in Htail. unfold Rdiv in *. lra.
    + assert (E : forall u v w z : R, z = u + v -> u + (v - w) = z - w) by (intros; lra). apply E.
      rewrite <- sum_plus. apply sum_ext. intros j _. unfold b. ring.
Qed.

(** For every mesh 1/M, every dimension m and every f whose derivative along the axis i is Lipschitz along that axis
    with the constant K_i, i < m: if the rational coefficients are within tau of f at the nodes, then the network with
    hats is within (K_0 + ... + K_(m-1)) / (8 M^2) + tau of f everywhere on the cube. *)
Theorem hat_network_order : forall M m f D K tau c, (1 <= M)%nat ->
  (forall i, (i < m)%nat -> smooth_along m i (K i) f (D i)) ->
  (forall k, In k (indices 1 M m) -> Rabs (Q2R (c k) - f (node M k)) <= tau) ->
  forall r x, In r (readouts (real (cube_network 1 M m c))) -> cube m x ->
  Rabs (output (real (cube_network 1 M m c)) r x - f x) <= sum m K / (8 * (INR M * INR M)) + tau.
Proof.
  intros M m f D K tau c HM Hf Hc r x Hr Hx. rewrite cube_network_output by (assumption || lia).
  assert (H1 : Rabs (cube_spline 1 M m (fun k => f (node M k)) x - f x) <= sum m K / (8 * (INR M * INR M))).
  { apply interpolation_error; try assumption. intros i Hi. apply smooth_bends with (D i). apply Hf. assumption. }
  assert (H2 : Rabs (cube_spline 1 M m (fun k => Q2R (c k) - f (node M k)) x - 0) <= tau).
  { apply cube_spline_mean; [lia|assumption|]. intros k Hk _. rewrite Rminus_0_r. apply Hc. assumption. }
  replace (cube_spline 1 M m (fun k => Q2R (c k)) x - f x)
    with ((cube_spline 1 M m (fun k => f (node M k)) x - f x) + (cube_spline 1 M m (fun k => Q2R (c k) - f (node M k)) x
      - 0)).
  - eapply Rle_trans; [apply Rabs_triang|]. lra.
  - rewrite !cube_spline_tensor.
    assert (E : forall u v w z : R, u = v + z -> v - w + (z - 0) = u - w) by (intros; lra). apply E.
    rewrite <- sum_over_plus. apply sum_over_ext. intros. ring.
Qed.
