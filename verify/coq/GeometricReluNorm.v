(** * The L^p bound of the geometric network with ReLU digits

    arXiv 2604.20219 bounds the L^p error of every level, p < infinity. Outside the strips |f - Phi_l| is small,
    inside them it is bounded by a number that does not depend on delta, and they shrink with delta
    (docs/geometric.md, Error budget): so a small delta gives the stated bound, here for Lipschitz f and every real
    p > 0, with upper integrals. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra Psatz.
From Approxcert Require Import Sums Network Levels Cells GeometricFloor GeometricLipschitz.
From Approxcert Require Import Staircase StaircaseStrips GeometricRelu GeometricReluLipschitz CubeIntegral.
Import ListNotations.
Local Open Scope R_scope.

(** ** The boxes of the strips lie in the cube *)

Lemma strips_inside : forall N delta l s, (2 <= N)%nat -> 0 < delta < / INR N -> In s (strips N delta l) ->
  0 <= fst s <= snd s /\ snd s <= 1.
Proof.
  intros N delta l s HN Hd Hs. pose proof (INR_base N HN) as H2. unfold strips in Hs. apply in_flat_map in Hs.
  destruct Hs as (t & Ht & Hs). apply in_seq in Ht. unfold level_strips in Hs. apply in_flat_map in Hs.
  destruct Hs as (a & Ha & Hs). apply in_seq in Ha. apply in_map_iff in Hs. destruct Hs as (j & <- & Hj).
  apply in_seq in Hj.
  destruct t as [|t]; [lia|]. rewrite Nat.sub_succ, Nat.sub_0_r in Ha.
  assert (Hm : (N * a + S j + 1 <= N * N ^ t)%nat) by nia.
  apply le_INR in Hm. rewrite plus_INR, mult_INR, pow_INR in Hm. simpl (INR 1) in Hm.
  assert (H1 : 1 <= INR (N * a + S j)) by (apply (le_INR 1); lia).
  unfold strip; cbn [fst snd]. rewrite Nat.sub_succ, Nat.sub_0_r. cbn [pow].
  set (m := INR (N * a + S j)) in *. pose proof (pow_lt (INR N) t ltac:(lra)) as HP. set (P := INR N ^ t) in *.
  assert (HNd : INR N * delta < 1).
  { replace 1 with (INR N * / INR N) by (field; lra). apply Rmult_lt_compat_l; lra. }
  assert (HQ : 0 < INR N * P) by (apply Rmult_lt_0_compat; lra). pose proof (Rinv_0_lt_compat _ HQ) as HI.
  replace (m / (INR N * P) - delta / P) with ((m - INR N * delta) * / (INR N * P)) by (field; lra).
  unfold Rdiv. repeat split.
  - apply Rmult_le_pos; lra.
  - apply Rmult_le_compat_r; [lra|]. pose proof (Rmult_lt_0_compat (INR N) delta ltac:(lra) ltac:(lra)). lra.
  - replace 1 with (INR N * P * / (INR N * P)) by (field; lra). apply Rmult_le_compat_r; lra.
Qed.

Lemma strip_boxes_inside : forall d N delta l b, (2 <= N)%nat -> 0 < delta < / INR N ->
  In b (strip_boxes d N delta l) ->
  length b = d /\ box_in_cube b.
Proof.
  intros d N delta l b HN Hd Hb. apply in_flat_map in Hb. destruct Hb as (i & _ & Hb).
  apply in_map_iff in Hb. destruct Hb as (s & <- & Hs). split; [apply vec_length|].
  apply Forall_map, Forall_forall. intros k _. destruct (Nat.eqb k i).
  - exact (strips_inside N delta l s HN Hd Hs).
  - cbn [fst snd]. lra.
Qed.

(** ** Powers with real exponents *)

(** |t|^p, for p > 0. *)
Definition power (p t : R) : R := if Req_EM_T t 0 then 0 else Rpower (Rabs t) p.

Lemma power_nonneg : forall p t, 0 <= power p t.
Proof. intros. unfold power. destruct (Req_EM_T t 0); [lra|left; apply exp_pos]. Qed.

Lemma power_strict : forall p s t, 0 < p -> Rabs s < t -> power p s < power p t.
Proof.
  intros p s t Hp Hst. pose proof (Rabs_pos s). unfold power. rewrite (Rabs_pos_eq t) by lra.
  destruct (Req_EM_T t 0); [lra|]. destruct (Req_EM_T s 0) as [->|Hs]; [apply exp_pos|].
  pose proof (Rabs_pos_lt s Hs). apply Rlt_Rpower_l; lra.
Qed.

Lemma power_le : forall p s t, 0 < p -> Rabs s <= t -> power p s <= power p t.
Proof.
  intros p s t Hp Hst. destruct (Rle_lt_or_eq_dec _ _ Hst) as [H|<-]; [left; apply power_strict; assumption|].
  unfold power. rewrite Rabs_Rabsolu. destruct (Req_EM_T s 0) as [->|Hs]; [|pose proof (Rabs_no_R0 s Hs)];
    destruct (Req_EM_T _ 0); try lra; left; apply exp_pos.
Qed.

(** ** The bound for every delta *)

(** A bound of |f - Phi_l| on the whole cube. *)
Definition gap_bound (d : nat) (K : R) (f : list R -> R) (s : store) (l : nat) : R :=
  Rabs (f (vec d (fun _ => 0))) + K * INR d + readout_bound s l.

Lemma lipschitz_bounded : forall d K f x, 0 <= K -> lipschitz d K f -> cube d x ->
  Rabs (f x) <= Rabs (f (vec d (fun _ => 0))) + K * INR d.
Proof.
  intros d K f x HK Hf Hx. set (o := vec d (fun _ => 0)).
  assert (Ho : cube d o). { split; [apply vec_length|]. intros i Hi. unfold o. rewrite coord_vec by assumption. lra. }
  assert (D : l1 d x o <= INR d * 1).
  { apply l1_le. intros i Hi. unfold o. rewrite coord_vec, Rminus_0_r by assumption. destruct Hx as [_ Hx].
    specialize (Hx i Hi). rewrite Rabs_pos_eq; lra. }
  pose proof (Hf x o Hx Ho) as F. pose proof (Rmult_le_compat_l K _ _ HK D) as KD.
  replace (f x) with (f o + (f x - f o)) by ring. eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

(** For every d, base N >= 2, K >= 0, eps > 0 and every f with |f x - f y| <= K |x - y|_1 on the closed cube there
    are stored data, the same for all L, p and delta, with which for every rational delta > 0 (below 1/N if L >= 1),
    every l <= L and real p > 0 the upper integral of |f - Phi_l|^p over the cube is at most (((d/2) K + eps) N^-l)^p +
    M^p d l (N-1) delta, where M = |f 0| + d K + (the bound of Phi_l) does not depend on delta. *)
Theorem geometric_relu_integral : forall d N K eps f, (2 <= N)%nat -> 0 <= K -> 0 < eps -> lipschitz d K f ->
  exists s, forall L delta, 0 < Q2R delta -> ((1 <= L)%nat -> Q2R delta < / INR N) ->
    let n := geometric_relu d N L delta s in
    well_formed n /\ (width n <= 2 * d * N + 4)%nat /\ depth n = (L + 2)%nat /\
    forall l p, (l <= L)%nat -> 0 < p ->
      integral_at_most d (fun x => power p (f x - Phi (real n) l x))
        (power p ((INR d / 2 * K + eps) / INR N ^ l) +
         power p (gap_bound d K f s l) * (INR d * INR l * (INR N - 1) * Q2R delta)).
Proof.
  intros d N K eps f HN HK He Hf. destruct (geometric_relu_lipschitz d N K eps f HN HK He Hf) as [s H].
  exists s. intros L delta Hd0 Hd1 n. destruct (H L delta Hd0 Hd1) as (W & Wi & D & P). fold n in W, Wi, D, P.
  repeat (split; [assumption|]). intros l p Hl Hp. rewrite <- (strip_boxes_volume d N (Q2R delta) l HN).
  assert (G : forall x, cube d x -> Rabs (f x - Phi (real n) l x) <= gap_bound d K f s l).
  { intros x Hx. destruct (P l x Hl Hx) as [B _]. pose proof (lipschitz_bounded d K f x HK Hf Hx) as F.
    unfold Rminus. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. unfold gap_bound. lra. }
  apply integral_at_most_step.
  - apply power_nonneg.
  - intros b Hb. destruct l as [|l].
    + exfalso. unfold strip_boxes in Hb. apply in_flat_map in Hb. destruct Hb as (i & _ & []).
    + apply (strip_boxes_inside d N (Q2R delta) (S l)); try assumption. split; [assumption|apply Hd1; lia].
  - intros x Hx Ho. apply power_le; [assumption|]. destruct (P l x Hl Hx) as [_ E]. apply E, outside_strips; assumption.
  - intros x Hx. pose proof (power_nonneg p ((INR d / 2 * K + eps) / INR N ^ l)).
    pose proof (power_le p _ _ Hp (G x Hx)). lra.
Qed.

(** ** A small delta *)

Lemma integral_at_most_mono : forall d g v w, v <= w -> integral_at_most d g v -> integral_at_most d g w.
Proof.
  intros d g v w Hvw (h & Hh & Hi). exists (fun x => (w - v) + h x). split.
  - intros x Hx. specialize (Hh x Hx). lra.
  - pose proof (is_integral_plus d (fun _ => w - v) h _ _ (is_integral_const d (w - v)) Hi) as I.
    replace (w - v + v) with w in I by ring. exact I.
Qed.

Lemma positive_minimum : forall (g : nat -> R) L, (forall l, 0 < g l) ->
  exists m, 0 < m /\ forall l, (l <= L)%nat -> m <= g l.
Proof.
  intros g L Hg. induction L as [|L [m [Hm H]]].
  - exists (g 0%nat). split; [apply Hg|]. intros l Hl. replace l with 0%nat by lia. lra.
  - exists (Rmin m (g (S L))). split; [apply Rmin_pos; auto|]. intros l Hl.
    destruct (Nat.eq_dec l (S L)) as [->|Hne]; [apply Rmin_r|].
    eapply Rle_trans; [apply Rmin_l|]. apply H. lia.
Qed.

(** The statement of arXiv 2604.20219 for Lipschitz functions and real p (it has p >= 1; p > 0 is enough), with ReLU
    digits: for d >= 1, N >= 2, K > 0 and f with |f x - f y| <= K |x - y|_1 on the closed cube there are stored data
    such that for every L and p there is a delta0 > 0 so that for every rational 0 < delta < delta0 the network has
    width at most 2dN+4, depth L+2, and for every l <= L the upper integral of |f - Phi_l|^p over the cube is at most
    ((2d+1) K N^-l)^p. *)
Theorem geometric_relu_norm : forall d N K f, (1 <= d)%nat -> (2 <= N)%nat -> 0 < K -> lipschitz d K f ->
  exists s, forall L p, 0 < p -> exists delta0, 0 < delta0 /\
    forall delta, 0 < Q2R delta < delta0 ->
      let n := geometric_relu d N L delta s in
      well_formed n /\ (width n <= 2 * d * N + 4)%nat /\ depth n = (L + 2)%nat /\
      forall l, (l <= L)%nat ->
        integral_at_most d (fun x => power p (f x - Phi (real n) l x)) (power p ((2 * INR d + 1) * K / INR N ^ l)).
Proof.
  intros d N K f Hd HN HK Hf. destruct (geometric_relu_integral d N K K f HN ltac:(lra) HK Hf) as [s H].
  exists s. intros L p Hp. pose proof (INR_base N HN) as H2.
  assert (Hd1 : 1 <= INR d) by (apply (le_INR 1); assumption).
  pose (base := fun l => power p ((INR d / 2 * K + K) / INR N ^ l)).
  pose (goal := fun l => power p ((2 * INR d + 1) * K / INR N ^ l)).
  pose (cost := fun l => power p (gap_bound d K f s l) * (INR d * INR l * (INR N - 1))).
  assert (Hslack : forall l, 0 < goal l - base l).
  { intros l. unfold goal, base. pose proof (Rinv_0_lt_compat _ (pow_N_pos N l HN)) as HI.
    apply Rlt_Rminus, power_strict; [assumption|]. unfold Rdiv. rewrite Rabs_pos_eq by (apply Rmult_le_pos; nra).
    apply Rmult_lt_compat_r; [assumption|]. nra. }
  destruct (positive_minimum (fun l => (goal l - base l) / (Rabs (cost l) + 1)) L) as (m & Hm & Hmin).
  { intros l. apply Rdiv_lt_0_compat; [apply Hslack|]. pose proof (Rabs_pos (cost l)). lra. }
  exists (Rmin m (/ INR N)). split; [apply Rmin_pos; [assumption|apply Rinv_0_lt_compat; lra]|].
  intros delta Hdelta n. pose proof (Rmin_l m (/ INR N)). pose proof (Rmin_r m (/ INR N)).
  destruct (H L delta (proj1 Hdelta) ltac:(intros; lra)) as (W & Wi & D & P). fold n in W, Wi, D, P.
  repeat (split; [assumption|]). intros l Hl. eapply integral_at_most_mono; [|apply P; assumption].
  specialize (Hmin l Hl). cbn beta in Hmin. pose proof (Rabs_pos (cost l)) as C0. pose proof (Rle_abs (cost l)) as C1.
  assert (M : m * (Rabs (cost l) + 1) <= goal l - base l).
  { apply (Rmult_le_compat_r (Rabs (cost l) + 1)) in Hmin; [|lra]. unfold Rdiv in Hmin.
    rewrite Rmult_assoc, Rinv_l in Hmin by lra. lra. }
  fold (base l) (goal l).
  replace (power p (gap_bound d K f s l) * (INR d * INR l * (INR N - 1) * Q2R delta))
    with (Q2R delta * cost l) by (unfold cost; ring).
  assert (Q2R delta * cost l <= m * (Rabs (cost l) + 1)) by nra. lra.
Qed.
