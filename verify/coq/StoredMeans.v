(** * From the L^p step to the network's bound

    A network whose readout is constant on the cells of level l (docs/geometric.md: with floor digits it is) and
    within eps omega_p of the means there has the error of the means plus eps omega_p: (d 2^(1/p) + eps) omega_p,
    (sqrt d + eps) omega_2, and with eps <= 1 the (2 d + 1) omega_p of the paper (arXiv 2604.20219). *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums Network StepFunctions Powers Norms BlockMeans AveragingError StepIntegrals AveragingIntegrals
  AveragingSup.
Import ListNotations.
Local Open Scope R_scope.

(** A function that is constant on the cells of side 1/m is a step function on every finer grid. *)
Lemma coarse_step : forall d m n v x, (0 < m)%nat -> (0 < n)%nat -> inside d x ->
  step m v x = step (m * n) (fun ks => v (map (fun k => (k / n)%nat) ks)) x.
Proof.
  intros d m n v x Hm Hn [_ Hx]. unfold step. rewrite map_map. f_equal.
  induction Hx; [reflexivity|]. cbn [map]. rewrite cell_block, IHHx by (assumption || lra). reflexivity.
Qed.

Lemma Lp_triangle : forall p d m n v table phi, 1 <= p -> (0 < m)%nat -> (0 < n)%nat ->
  (forall x, inside d x -> phi x = step m table x) ->
  let f := step (m * n) v in
  Lp p d (fun x => f x - phi x) <= Lp p d (fun x => f x - average d m f x) + Lp p d (fun x => average d m f x - phi x).
Proof.
  intros p d m n v table phi Hp Hm Hn Hout f. assert (HM : (0 < m * n)%nat) by nia.
  set (u := fun ks => table (map (fun k => (k / n)%nat) ks)).
  assert (Hu : forall x, inside d x -> phi x = step (m * n) u x).
  { intros x Hx. rewrite Hout by assumption. apply (coarse_step d); assumption. }
  rewrite (Lp_ext p d (fun x => f x - phi x)
    (step (m * n) (fun ks => (v ks - cell_mean d n v ks) + (cell_mean d n v ks - u ks)))).
  2: { intros x Hx. rewrite Hu by assumption. unfold f, step. ring. }
  rewrite (Lp_ext p d (fun x => f x - average d m f x) (step (m * n) (fun ks => v ks - cell_mean d n v ks))).
  2: { intros x Hx. unfold f. rewrite average_step by assumption. reflexivity. }
  rewrite (Lp_ext p d (fun x => average d m f x - phi x) (step (m * n) (fun ks => cell_mean d n v ks - u ks))).
  2: { intros x Hx. rewrite Hu by assumption. unfold f. rewrite average_step by assumption. reflexivity. }
  rewrite !Lp_step by assumption. apply minkowski; assumption.
Qed.

(** Every real p >= 1, every d, base N and level l, every step function f on a grid that refines the cells of level l: if
    omega_p(f, N^-l) <= w, for shifts along the axes, and a readout is constant on these cells and within eps w of
    the means of f in L^p, then it is within (d 2^(1/p) + eps) w of f. *)
Theorem stored_means : forall (p : R) (d N l n : nat) (v : list nat -> R) (eps w : R)
  (net : network R) (r : readout R) (table : list nat -> R),
  let f := step (N ^ l * n) v in
  1 <= p -> (1 <= N)%nat -> (1 <= n)%nat -> 0 <= w ->
  modulus_at_most p d (/ INR (N ^ l)) f w ->
  (forall x, inside d x -> output net r x = step (N ^ l) table x) ->
  Lp p d (fun x => average d (N ^ l) f x - output net r x) <= eps * w ->
  Lp p d (fun x => f x - output net r x) <= (INR d * Rpower 2 (/ p) + eps) * w.
Proof.
  intros p d N l n v eps w net r table f Hp HN Hn Hw Hmod Hout H. rewrite Rmult_plus_distr_r.
  assert (Hm : (0 < N ^ l)%nat) by (apply Nat.neq_0_lt_0, Nat.pow_nonzero; lia).
  eapply Rle_trans; [apply (Lp_triangle p d (N ^ l) n v table); assumption|].
  apply Rplus_le_compat; [apply averaging_integral|]; assumption.
Qed.

(** p = 2: if omega_2(f, N^-l) <= w, for shifts along the axes, and a readout is constant on the cells of
    level l and within eps w of the means of f in L^2, then it is within (sqrt d + eps) w of f. *)
Theorem stored_means_two : forall (d N l n : nat) (v : list nat -> R) (eps w : R)
  (net : network R) (r : readout R) (table : list nat -> R),
  let f := step (N ^ l * n) v in
  (1 <= N)%nat -> (1 <= n)%nat -> 0 <= w ->
  modulus_at_most 2 d (/ INR (N ^ l)) f w ->
  (forall x, inside d x -> output net r x = step (N ^ l) table x) ->
  Lp 2 d (fun x => average d (N ^ l) f x - output net r x) <= eps * w ->
  Lp 2 d (fun x => f x - output net r x) <= (sqrt (INR d) + eps) * w.
Proof.
  intros d N l n v eps w net r table f HN Hn Hw Hmod Hout H. rewrite Rmult_plus_distr_r.
  assert (Hm : (0 < N ^ l)%nat) by (apply Nat.neq_0_lt_0, Nat.pow_nonzero; lia).
  eapply Rle_trans; [apply (Lp_triangle 2 d (N ^ l) n v table); (assumption || lra)|].
  apply Rplus_le_compat; [apply averaging_integral_two|]; assumption.
Qed.

(** The constant of the paper, for every real p >= 1: a readout that is constant on the cells of level l and within w of the
    means of f in L^p, w a bound of omega_p(f, N^-l) for shifts along the axes, is within (2 d + 1) w of f. *)
Theorem stored_means_paper : forall (p : R) (d N l n : nat) (v : list nat -> R) (w : R)
  (net : network R) (r : readout R) (table : list nat -> R),
  let f := step (N ^ l * n) v in
  1 <= p -> (1 <= N)%nat -> (1 <= n)%nat -> 0 <= w ->
  modulus_at_most p d (/ INR (N ^ l)) f w ->
  (forall x, inside d x -> output net r x = step (N ^ l) table x) ->
  Lp p d (fun x => average d (N ^ l) f x - output net r x) <= w ->
  Lp p d (fun x => f x - output net r x) <= (2 * INR d + 1) * w.
Proof.
  intros p d N l n v w net r table f Hp HN Hn Hw Hmod Hout H.
  apply Rle_trans with ((INR d * Rpower 2 (/ p) + 1) * w).
  - apply stored_means with (table := table); try assumption. rewrite Rmult_1_l. exact H.
  - apply Rmult_le_compat_r; [assumption|].
    assert (Rpower 2 (/ p) <= 2).
    { rewrite <- (Rpower_1 2) at 2 by lra. apply Rle_Rpower; [lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
    pose proof (pos_INR d). nra.
Qed.

(** p = infinity: any readout within eps w of the means everywhere inside of the cube, w a bound of omega_infinity(f, N^-l)
    for shifts along the axes, is within (d + eps) w of f there. *)
Theorem stored_means_sup : forall (d N l n : nat) (v : list nat -> R) (eps w : R) (net : network R) (r : readout R),
  let f := step (N ^ l * n) v in
  (1 <= N)%nat -> (1 <= n)%nat -> 0 <= w ->
  sup_modulus_at_most d (/ INR (N ^ l)) f w ->
  sup_at_most d (fun x => average d (N ^ l) f x - output net r x) (eps * w) ->
  sup_at_most d (fun x => f x - output net r x) ((INR d + eps) * w).
Proof.
  intros d N l n v eps w net r f HN Hn Hw Hmod H x Hx. rewrite Rmult_plus_distr_r.
  assert (Hm : (0 < N ^ l)%nat) by (apply Nat.neq_0_lt_0, Nat.pow_nonzero; lia).
  replace (f x - output net r x) with ((f x - average d (N ^ l) f x) + (average d (N ^ l) f x - output net r x)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat; [|apply H; assumption].
  apply (averaging_sup d (N ^ l) n v w); assumption.
Qed.
