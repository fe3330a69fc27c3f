(** * How far a step function is from its cell means, in L^p

    The constants of the L^p step of the construction (arXiv 2604.20219; docs/geometric.md, "Constants", and
    docs/sharpness.md): ||f - A f||_p <= d 2^(1/p) omega_p(f, h) for every real p >= 1, sqrt d for p = 2, and
    2 d for p = 1 and sqrt d for p = 2 cannot be lowered. Norms are integrals over the cube, A f the means over
    the cells of side h = 1/m, omega_p takes all real shifts up to h along the axes. The functions f are the
    step functions on all grids that refine the cells; they are dense in L^p. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions Powers Norms BlockMeans AxisMeans AveragingError Witness StepIntegrals.
Import ListNotations.
Local Open Scope R_scope.

(** ** Definitions *)

(** The L^p norm on the cube. *)
Definition Lp (p : R) (d : nat) (F : list R -> R) : R := power (/ p) (integral d (fun x => power p (F x))).

(** The point of the cell of [x] that is at [y] when the cell, of side 1/m, is blown up to the cube. *)
Fixpoint cell_point (m : nat) (x y : list R) : list R :=
  match x, y with t :: x', u :: y' => (INR (cell m t) + u) / INR m :: cell_point m x' y' | _, _ => [] end.

(** The mean of [F] over the cell of side 1/m that contains [x]. *)
Definition average (d m : nat) (F : list R -> R) (x : list R) : R := integral d (fun y => F (cell_point m x y)).

(** omega_p(F, h) <= w, the modulus along the axes: no shift by |t| <= h along an axis changes [F] by more than [w]. *)
Definition modulus_at_most (p : R) (d : nat) (h : R) (F : list R -> R) (w : R) : Prop :=
  forall i t, (i < d)%nat -> Rabs t <= h -> Lp p d (increment i t F) <= w.

(** ** Integrals and sums *)

Lemma Lp_ext : forall p d F G, (forall x, inside d x -> F x = G x) -> Lp p d F = Lp p d G.
Proof. intros p d F G H. unfold Lp. f_equal. apply integral_ext. intros. rewrite H by assumption. reflexivity. Qed.

Lemma Lp_step : forall p d M v, (0 < M)%nat -> Lp p d (step M v) = norm p d M v.
Proof.
  intros. unfold Lp, norm. f_equal. apply (integral_step d M (fun ks => power p (v ks))). assumption.
Qed.

Lemma Lp_increment : forall p i d M v t s c, 0 < p -> (0 < M)%nat -> (i < d)%nat -> 0 <= c < 1 ->
  INR M * Rabs t = INR s + c ->
  Lp p d (increment i t (step M v)) =
  power (/ p) ((1 - c) * power p (norm p d M (difference M i s v)) + c * power p (norm p d M (difference M i (S s) v))).
Proof.
  intros. unfold Lp. rewrite (integral_shift (power p) i d M v t s c) by (assumption || apply power_0 || apply power_opp).
  rewrite !power_norm by assumption. reflexivity.
Qed.

(** The modulus for real shifts is the one for shifts by fine cells. *)
Lemma modulus_real : forall p d m n v w, 0 < p -> (0 < m)%nat -> (0 < n)%nat -> 0 <= w ->
  modulus_at_most p d (/ INR m) (step (m * n) v) w <-> modulus p d (m * n) n v <= w.
Proof.
  intros p d m n v w Hp Hm Hn Hw. assert (HM : (0 < m * n)%nat) by nia.
  assert (Hm' : 0 < INR m) by (apply lt_0_INR; assumption). assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  assert (HM' : 0 < INR (m * n)) by (apply lt_0_INR; assumption).
  assert (Hh : INR (m * n) * / INR m = INR n) by (rewrite mult_INR; field; lra).
  split; intros H.
  - apply maximum_le; [assumption|]. intros i Hi. apply maximum_le; [assumption|]. intros s Hs.
    assert (Hs' : INR (S s) <= INR n) by (apply le_INR; lia). pose proof (pos_INR (S s)).
    assert (Ht : 0 <= INR (S s) / INR (m * n)) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]).
    specialize (H i (INR (S s) / INR (m * n)) Hi). rewrite (Lp_increment p i d _ v _ (S s) 0) in H; try assumption; [|lra|].
    + replace ((1 - 0) * power p (norm p d (m * n) (difference (m * n) i (S s) v)) + 0 * _)
        with (power p (norm p d (m * n) (difference (m * n) i (S s) v))) in H by ring.
      rewrite power_root in H by (assumption || apply norm_nonneg). apply H.
      rewrite Rabs_pos_eq by assumption. apply Rmult_le_reg_l with (INR (m * n)); [assumption|].
      replace (INR (m * n) * (INR (S s) / INR (m * n))) with (INR (S s)) by (field; lra). lra.
    + rewrite Rabs_pos_eq by assumption. field. lra.
  - intros i t Hi Ht. pose proof (Rabs_pos t) as Ht0.
    set (s := cell (m * n) (Rabs t)). set (c := INR (m * n) * Rabs t - INR s).
    assert (Hs : INR s <= INR (m * n) * Rabs t < INR s + 1) by (apply cell_spec; assumption).
    rewrite (Lp_increment p i d _ v t s c) by (assumption || (unfold c; lra)).
    rewrite <- (power_root p w) by assumption.
    apply power_le; [left; apply Rinv_0_lt_compat; assumption|].
    assert (Hc : 0 <= c < 1) by (unfold c; lra). pose proof (power_nonneg p w).
    assert (Hsn : INR (m * n) * Rabs t <= INR n) by (rewrite <- Hh; apply Rmult_le_compat_l; lra).
    assert (Hle : forall r, (r <= n)%nat -> power p (norm p d (m * n) (difference (m * n) i r v)) <= power p w).
    { intros [|r] Hr.
      - rewrite power_norm by assumption. rewrite (mean_ext d _ _ (fun _ => 0)); [rewrite mean_const by assumption; lra|].
        intros ks _. unfold difference. rewrite Nat.add_0_r, set_nth, Rminus_eq_0.
        destruct (_ <? _)%nat; apply power_0.
      - apply power_le; [lra|]. split; [apply norm_nonneg|].
        eapply Rle_trans; [apply norm_le_modulus; [eassumption|]|exact H]. lia. }
    assert (Hsn' : (s <= n)%nat) by (apply INR_le; lra).
    pose proof (power_nonneg p (norm p d (m * n) (difference (m * n) i s v))) as P1.
    pose proof (power_nonneg p (norm p d (m * n) (difference (m * n) i (S s) v))) as P2.
    split; [nra|]. pose proof (Hle s Hsn') as E1. destruct (Nat.eq_dec s n) as [E|E].
    + assert (c = 0) by (unfold c in *; rewrite E in *; lra). subst c. rewrite H1. lra.
    + pose proof (Hle (S s) ltac:(lia)) as E2. nra.
Qed.

Lemma cell_block : forall m n t, (0 < m)%nat -> (0 < n)%nat -> 0 <= t -> (cell (m * n) t / n)%nat = cell m t.
Proof.
  intros m n t Hm Hn Ht. pose proof (cell_spec m t Hm Ht) as A. pose proof (cell_spec (m * n) t ltac:(nia) Ht) as B.
  set (k := cell (m * n) t) in *. set (q := cell m t) in *. rewrite mult_INR in B.
  assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  assert (n * q < k + 1)%nat by (apply INR_lt; rewrite mult_INR, plus_INR; simpl (INR 1); nra).
  assert (k < n * q + n)%nat by (apply INR_lt; rewrite plus_INR, mult_INR; nra).
  symmetry. apply (Nat.div_unique k n q (k - n * q)); lia.
Qed.

Lemma cell_in_block : forall m n t u, (0 < m)%nat -> (0 < n)%nat -> 0 <= t -> 0 <= u ->
  cell (m * n) ((INR (cell m t) + u) / INR m) = in_block n (cell (m * n) t) (cell n u).
Proof.
  intros m n t u Hm Hn Ht Hu. unfold in_block. rewrite cell_block by assumption.
  assert (Hm' : 0 < INR m) by (apply lt_0_INR; assumption).
  apply cell_eq. rewrite plus_INR, !mult_INR. pose proof (cell_spec n u Hn Hu).
  replace (INR m * INR n * ((INR (cell m t) + u) / INR m)) with (INR n * INR (cell m t) + INR n * u) by (field; lra).
  lra.
Qed.

Lemma cells_in_cell : forall m n x y, (0 < m)%nat -> (0 < n)%nat ->
  Forall (fun t => 0 < t < 1) x -> Forall (fun t => 0 < t < 1) y ->
  map (cell (m * n)) (cell_point m x y) = in_cell n (map (cell (m * n)) x) (map (cell n) y).
Proof.
  intros m n x y Hm Hn Hx. revert y. induction Hx as [|t x Ht]; intros y Hy; [reflexivity|].
  inversion Hy as [|u y' Hu]; subst; [reflexivity|]. cbn [map cell_point in_cell].
  rewrite cell_in_block, IHHx by (assumption || lra). reflexivity.
Qed.

Lemma average_step : forall d m n v x, (0 < m)%nat -> (0 < n)%nat -> inside d x ->
  average d m (step (m * n) v) x = step (m * n) (cell_mean d n v) x.
Proof.
  intros d m n v x Hm Hn [Hl Hx]. unfold average, step at 2, cell_mean.
  rewrite <- (integral_step d n) by assumption. apply integral_ext. intros y [_ Hy].
  unfold step. rewrite cells_in_cell by assumption. reflexivity.
Qed.

(** ** Upper bounds *)

Lemma averaging_table : forall p d m n v w K, 0 < p -> (0 < m)%nat -> (0 < n)%nat -> 0 <= w -> 0 <= K ->
  norm p d (m * n) (fun x => v x - cell_mean d n v x) <= K * modulus p d (m * n) n v ->
  modulus_at_most p d (/ INR m) (step (m * n) v) w ->
  Lp p d (fun x => step (m * n) v x - average d m (step (m * n) v) x) <= K * w.
Proof.
  intros p d m n v w K Hp Hm Hn Hw HK H Hmod. apply modulus_real in Hmod; try assumption.
  rewrite (Lp_ext p d _ (step (m * n) (fun ks => v ks - cell_mean d n v ks))).
  - rewrite Lp_step by nia. eapply Rle_trans; [exact H|]. apply Rmult_le_compat_l; assumption.
  - intros x Hx. rewrite average_step by assumption. reflexivity.
Qed.

(** For every real p >= 1 and every step function f on the cube [0,1]^d: if omega_p(f, 1/m) <= w, for shifts along the
    axes, then the means of f over the cells of side 1/m are within d 2^(1/p) w of f in L^p. *)
Theorem averaging_integral : forall (p : R) (d m n : nat) (v : list nat -> R) (w : R),
  let f := step (m * n) v in
  1 <= p -> (1 <= m)%nat -> (1 <= n)%nat -> 0 <= w ->
  modulus_at_most p d (/ INR m) f w ->
  Lp p d (fun x => f x - average d m f x) <= INR d * Rpower 2 (/ p) * w.
Proof.
  intros p d m n v w f Hp Hm Hn Hw H. apply averaging_table; try assumption; [lra| |apply averaging_error; assumption].
  apply Rmult_le_pos; [apply pos_INR|left; apply exp_pos].
Qed.

(** p = 1, every d and every step function f on the cube: if omega_1(f, 1/m) <= w, for shifts along the axes, then the
    means of f over the cells of side 1/m are within 2 d w of f in L^1. *)
Theorem averaging_integral_one : forall (d m n : nat) (v : list nat -> R) (w : R),
  let f := step (m * n) v in
  (1 <= m)%nat -> (1 <= n)%nat -> 0 <= w ->
  modulus_at_most 1 d (/ INR m) f w ->
  Lp 1 d (fun x => f x - average d m f x) <= 2 * INR d * w.
Proof.
  intros. replace (2 * INR d) with (INR d * Rpower 2 (/ 1)); [apply averaging_integral; try assumption; lra|].
  rewrite Rinv_1, Rpower_1 by lra. ring.
Qed.

(** p = 2, every d and every step function f on the cube: if omega_2(f, 1/m) <= w, for shifts along the axes, then the
    means of f over the cells of side 1/m are within sqrt d w of f in L^2. *)
Theorem averaging_integral_two : forall (d m n : nat) (v : list nat -> R) (w : R),
  let f := step (m * n) v in
  (1 <= m)%nat -> (1 <= n)%nat -> 0 <= w ->
  modulus_at_most 2 d (/ INR m) f w ->
  Lp 2 d (fun x => f x - average d m f x) <= sqrt (INR d) * w.
Proof.
  intros d m n v w f Hm Hn Hw H. apply averaging_table; try assumption; [lra|apply sqrt_pos|].
  apply averaging_error_two; assumption.
Qed.

(** ** The constants are the least ones *)

Lemma least_table : forall p d m n v c, 0 < p -> (0 < m)%nat -> (0 < n)%nat ->
  norm p d (m * n) (fun x => v x - cell_mean d n v x) > c * modulus p d (m * n) n v ->
  exists w, modulus_at_most p d (/ INR m) (step (m * n) v) w /\
    Lp p d (fun x => step (m * n) v x - average d m (step (m * n) v) x) > c * w.
Proof.
  intros p d m n v c Hp Hm Hn H. exists (modulus p d (m * n) n v). split.
  - apply modulus_real; try assumption; [apply maximum_nonneg|lra].
  - rewrite (Lp_ext p d _ (step (m * n) (fun ks => v ks - cell_mean d n v ks))).
    + rewrite Lp_step by nia. exact H.
    + intros x Hx. rewrite average_step by assumption. reflexivity.
Qed.

(** p = 1, every d >= 1 and m >= 1: no constant c < 2 d will do. There are a step function f and a bound w of omega_1(f, 1/m)
    (for all real shifts along the axes, not for shifts in other directions) such that the means over the cells of side 1/m
    are farther than c w from f in L^1. *)
Theorem constant_one_is_least : forall (d m : nat) (c : R), (1 <= d)%nat -> (1 <= m)%nat -> c < 2 * INR d ->
  exists (n : nat) (v : list nat -> R) (w : R), let f := step (m * n) v in
    modulus_at_most 1 d (/ INR m) f w /\ Lp 1 d (fun x => f x - average d m f x) > c * w.
Proof.
  intros d m c Hd Hm Hc. destruct (witness_one d m c Hd Hm Hc) as [n [v [Hn H]]].
  exists n, v. apply least_table; try assumption. lra.
Qed.

(** p = 2, every d >= 1 and m >= 1: no constant c < sqrt d will do. There are a step function f and a bound w of omega_2(f, 1/m)
    (for all real shifts along the axes, not for shifts in other directions) such that the means over the cells of side 1/m
    are farther than c w from f in L^2. *)
Theorem constant_two_is_least : forall (d m : nat) (c : R), (1 <= d)%nat -> (1 <= m)%nat -> c < sqrt (INR d) ->
  exists (n : nat) (v : list nat -> R) (w : R), let f := step (m * n) v in
    modulus_at_most 2 d (/ INR m) f w /\ Lp 2 d (fun x => f x - average d m f x) > c * w.
Proof.
  intros d m c Hd Hm Hc. destruct (witness_two d m c Hd Hm Hc) as [n [v [Hn H]]].
  exists n, v. apply least_table; try assumption. lra.
Qed.
