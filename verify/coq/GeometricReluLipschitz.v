(** * Lipschitz functions and ReLU digits: the error bound outside boxes of total volume d l (N-1) delta

    The stored data of GeometricLipschitz.v in the network of ReLU digits and bit decoders: the same error as with
    floor digits outside the strips, a bound that does not depend on delta inside them (docs/geometric.md, Error
    budget; arXiv 2604.20219 states the L^p bound for finite p). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra Psatz.
From Approxcert Require Import Sums Network Levels Cells BitDecoder GeometricFloor GeometricLipschitz.
From Approxcert Require Import StaircaseStrips GeometricRelu.
Import ListNotations.
Local Open Scope R_scope.

(** x lies in none of the boxes. *)
Definition outside (bs : list (list (R * R))) (x : list R) : Prop := forall b, In b bs -> ~ in_box b x.

Lemma outside_strips : forall d N delta l x, (2 <= N)%nat -> cube d x -> outside (strip_boxes d N delta l) x ->
  ~ in_strips d N delta l x.
Proof.
  intros d N delta l x HN Hx Ho Hs. destruct (strip_boxes_cover d N delta l x HN Hx Hs) as (b & Hb & Hin).
  exact (Ho b Hb Hin).
Qed.

Lemma table_error : forall d N K eps f, (2 <= N)%nat -> 0 <= K -> 0 < eps -> lipschitz d K f ->
  exists s, (forall L, store_ok d N L s) /\
    forall l x, cube d x -> Rabs (f x - Q2R (table d N s l x)) <= (INR d / 2 * K + eps) / INR N ^ l.
Proof.
  intros d N K eps f HN HK He Hf. destruct (geometric_floor_lipschitz d N K eps f HN HK He Hf) as [s H].
  exists s. split; [apply H|]. intros l x Hx. destruct (H l) as [Hs [_ [_ [_ E]]]].
  destruct (geometric_floor_computes d N l s HN Hs) as [_ [_ [_ [_ C]]]].
  rewrite <- (C l x (le_n l) Hx). apply E; auto with arith.
Qed.

(** For every d, base N >= 2, K >= 0, eps > 0 and every f with |f x - f y| <= K |x - y|_1 on the closed cube there
    are stored data, the same for every number of levels L and every rational delta > 0 (below 1/N if L >= 1), with
    which the network of ReLU digits and bit decoders is well formed, has width at most 2dN+4 and depth L+2; for
    every l <= L and every x of the closed cube |Phi_l x| keeps a bound that does not depend on delta, and |f x -
    Phi_l x| <= ((d/2) K + eps) N^-l unless a coordinate of x lies in a strip [m/N^t - delta/N^(t-1), m/N^t), t <=
    l. *)
Theorem geometric_relu_lipschitz : forall d N K eps f, (2 <= N)%nat -> 0 <= K -> 0 < eps -> lipschitz d K f ->
  exists s, forall L delta, 0 < Q2R delta -> ((1 <= L)%nat -> Q2R delta < / INR N) ->
    let n := geometric_relu d N L delta s in
    well_formed n /\ (width n <= 2 * d * N + 4)%nat /\ depth n = (L + 2)%nat /\
    forall l x, (l <= L)%nat -> cube d x ->
      Rabs (Phi (real n) l x) <= readout_bound s l /\
      (~ in_strips d N (Q2R delta) l x -> Rabs (f x - Phi (real n) l x) <= (INR d / 2 * K + eps) / INR N ^ l).
Proof.
  intros d N K eps f HN HK He Hf. destruct (table_error d N K eps f HN HK He Hf) as (s & Hs & E).
  exists s. intros L delta Hd0 Hd1 n.
  destruct (geometric_relu_computes d N L delta s HN Hd0 Hd1 (Hs L)) as (W & Wi & D & _ & P).
  repeat (split; [assumption|]). intros l x Hl Hx. destruct (P l x Hl) as [B X]. split; [assumption|].
  intros Ho. unfold n. rewrite X by assumption. apply E. assumption.
Qed.

(** The statement of arXiv 2604.20219 for Lipschitz functions with ReLU digits: for d >= 1, N >= 2, K > 0 and f with
    |f x - f y| <= K |x - y|_1 there are stored data such that for every L and every rational 0 < delta < N^-L the
    network has width at most 2dN+4 (so at most 2dN+d+2 for d >= 2) and depth L+2, and for every l <= L: |f x -
    Phi_l x| <= (2d+1) K N^-l at every x of the closed cube outside the listed boxes, whose total volume is d l
    (N-1) delta; inside the boxes |Phi_l x| keeps a bound that does not depend on delta. *)
Theorem geometric_relu_meets_statement : forall d N K f, (1 <= d)%nat -> (2 <= N)%nat -> 0 < K -> lipschitz d K f ->
  exists s, forall L delta, 0 < Q2R delta < / INR N ^ L ->
    let n := geometric_relu d N L delta s in
    well_formed n /\ (width n <= 2 * d * N + 4)%nat /\ ((2 <= d)%nat -> (width n <= 2 * d * N + d + 2)%nat) /\
    depth n = (L + 2)%nat /\
    forall l, (l <= L)%nat ->
      total_volume (strip_boxes d N (Q2R delta) l) = INR d * INR l * (INR N - 1) * Q2R delta /\
      forall x, cube d x ->
        Rabs (Phi (real n) l x) <= readout_bound s l /\
        (outside (strip_boxes d N (Q2R delta) l) x ->
          Rabs (f x - Phi (real n) l x) <= (2 * INR d + 1) * K / INR N ^ l).
Proof.
  intros d N K f Hd HN HK Hf. destruct (geometric_relu_lipschitz d N K K f HN ltac:(lra) HK Hf) as [s H].
  exists s. intros L delta Hdelta n. assert (HdN : (1 <= L)%nat -> Q2R delta < / INR N).
  { intros HL. eapply Rlt_le_trans; [apply Hdelta|]. pose proof (lt_0_INR N ltac:(lia)).
    apply Rinv_le_contravar; [assumption|]. rewrite <- (pow_1 (INR N)) at 1. apply Rle_pow; [|assumption].
    apply (le_INR 1). lia. }
  destruct (H L delta (proj1 Hdelta) HdN) as (W & Wi & D & P). fold n in W, Wi, D, P.
  split; [assumption|]. split; [assumption|]. split; [intros; lia|]. split; [assumption|].
  intros l Hl. split; [apply strip_boxes_volume; assumption|]. intros x Hx. destruct (P l x Hl Hx) as [B E].
  split; [assumption|]. intros Ho. eapply Rle_trans; [apply E, outside_strips; assumption|].
  unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, pow_N_pos; assumption|].
  pose proof (pos_INR d). nra.
Qed.
