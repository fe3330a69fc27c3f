(** * Erosion: the largest safe steps, from the residual's values at finitely many nodes

    Let r be linear on the Kuhn triangulation of mesh 1/(q m). The steps that constructs/erosion.py takes at the
    nodes of the coarser mesh 1/m, the least |r| over the fine nodes in the closed support of a coarse hat if r has
    one strict sign there and 0 otherwise, are safe, and no safe step is larger: together they are a complete sweep.
    Source: docs/multigrade.md, "Erosion". *)

From Coq Require Import Reals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion ErosionRate.
Import ListNotations.
Local Open Scope R_scope.

(** ** The steps *)

(** The place of the fine node l/(q m) as seen from the coarse node k/m, in units of the fine mesh. *)
Definition offset_of (q : nat) (k l : list Z) (i : nat) : R := IZR (nth i l 0%Z) - INR q * IZR (nth i k 0%Z).

(** The fine nodes in the closed support of the hat of the coarse node k/m. *)
Definition support (d m q : nat) (k : list Z) : list (list Z) :=
  filter (fun l => if Rle_dec (gauge d (offset_of q k l)) (INR q) then true else false) (nodes d (q * m)).

(** The least and the largest value of [r] at k/m and at the fine nodes of the support. *)
Definition low (d m q : nat) (r : list R -> R) (k : list Z) : R :=
  fold_right (fun l b => Rmin (r (point (q * m) l)) b) (r (point m k)) (support d m q k).
Definition high (d m q : nat) (r : list R -> R) (k : list Z) : R :=
  fold_right (fun l b => Rmax (r (point (q * m) l)) b) (r (point m k)) (support d m q k).

(** The step at the node k/m. *)
Definition erosion_step (d m q : nat) (r : list R -> R) (k : list Z) : R :=
  Rmax (low d m q r k) 0 + Rmin (high d m q r k) 0.

(** The grades of the sweep: all nodes with a step that is not zero. *)
Definition erosion_sweep (d m q : nat) (r : list R -> R) : list (grade R) :=
  map (fun k => Grade m k (erosion_step d m q r k))
    (filter (fun k => if Req_EM_T (erosion_step d m q r k) 0 then false else true) (nodes d m)).

(** ** Supports *)

Lemma support_spec : forall d m q k l, In l (support d m q k) <->
  In l (nodes d (q * m)) /\ gauge d (offset_of q k l) <= INR q.
Proof.
  intros. unfold support. rewrite filter_In. destruct Rle_dec; split; intros [H1 H2]; split; auto; try lra;
    discriminate.
Qed.

(** Where a hat is positive, all coordinates are, after one shift, within one mesh width above the node. *)
Lemma hat_shift : forall d m k x, 0 < hat d m k x ->
  exists a, 0 <= a < 1 /\ forall i, (i < d)%nat -> 0 <= scaled m k x i + a < 1.
Proof.
  intros d m k x H. assert (G : gauge d (scaled m k x) < 1).
  { unfold hat, Rmax in H. destruct Rle_dec; lra. }
  unfold gauge in G. exists (top d (fun i => - scaled m k x i)).
  pose proof (top_nonneg d (scaled m k x)). pose proof (top_nonneg d (fun i => - scaled m k x i)).
  split; [lra|]. intros i Hi. pose proof (top_ge d (scaled m k x) i Hi).
  pose proof (top_ge d (fun i => - scaled m k x i) i Hi). cbn beta in *. lra.
Qed.

(** A fine hat that is positive somewhere inside a coarse support has its node in the closed support. *)
Lemma fine_in_support : forall d m q k l x, (1 <= q)%nat -> In l (nodes d (q * m)) ->
  0 < hat d m k x -> 0 < hat d (q * m) l x -> In l (support d m q k).
Proof.
  intros d m q k l x Hq Hl Hk Hx. apply support_spec. split; [assumption|].
  assert (Hq' : 1 <= INR q) by (apply le_INR in Hq; simpl in Hq; lra).
  destruct (hat_shift d m k x Hk) as (a & Ha & Hak). destruct (hat_shift d _ l x Hx) as (b & Hb & Hbl).
  set (j := Zfloor (b - INR q * a)).
  pose proof (Zfloor_lb (b - INR q * a)) as J1. pose proof (Zfloor_ub (b - INR q * a)) as J2. fold j in J1, J2.
  assert (J3 : (- Z.of_nat q <= j <= 0)%Z).
  { split; [apply Zfloor_lub; rewrite opp_IZR, <- INR_IZR_INZ; nra|].
    apply Z.lt_succ_r, lt_IZR. rewrite succ_IZR. nra. }
  assert (N : forall i, (i < d)%nat -> IZR j <= offset_of q k l i <= IZR j + INR q).
  { intros i Hi. specialize (Hak i Hi). specialize (Hbl i Hi). unfold scaled, offset_of in *. rewrite mult_INR in Hbl.
    rewrite (INR_IZR_INZ q), <- mult_IZR, <- minus_IZR, <- plus_IZR.
    set (n := (nth i l 0 - Z.of_nat q * nth i k 0)%Z).
    assert (En : IZR n = IZR (nth i l 0%Z) - INR q * IZR (nth i k 0%Z)) by (unfold n;
      rewrite minus_IZR, mult_IZR, <- INR_IZR_INZ; ring).
    assert (B1 : IZR j - 1 < IZR n) by nra.
    assert (B2 : IZR n < IZR j + 1 + INR q) by nra.
    rewrite INR_IZR_INZ, <- !plus_IZR in B2. rewrite <- minus_IZR in B1. apply lt_IZR in B1, B2.
    split; apply IZR_le; lia. }
  destruct J3 as [J3 J4]. apply IZR_le in J3, J4. rewrite opp_IZR, <- INR_IZR_INZ in J3.
  unfold gauge.
  assert (top d (offset_of q k l) <= IZR j + INR q) by (apply top_le; [lra|intros i Hi; apply N; assumption]).
  assert (top d (fun i => - offset_of q k l i) <= - IZR j) by (apply top_le; [lra|intros i Hi; specialize (N i Hi);
    lra]).
  lra.
Qed.

(** ** Linear functions are Lipschitz *)

Lemma hat_lipschitz : forall d m k x y, (1 <= m)%nat -> Rabs (hat d m k x - hat d m k y) <= INR m * distance d x y.
Proof.
  intros d m k x y Hm. unfold hat. rewrite !gauge_scaled by assumption.
  pose proof (distance_triangle d x y (point m k)). pose proof (distance_triangle d y x (point m k)).
  rewrite (distance_sym d y x) in *. assert (0 <= INR m) by apply pos_INR.
  assert (0 <= distance d x y) by apply gauge_nonneg.
  apply Rabs_le. unfold Rmax; repeat destruct Rle_dec; nra.
Qed.

Lemma linear_lipschitz : forall d m r, (1 <= m)%nat -> linear d m r -> exists K, 0 <= K /\ lipschitz d K r.
Proof.
  intros d m r Hm Hr. exists (total (nodes d m) (fun k => INR m * Rabs (r (point m k)))). split.
  - apply total_nonneg. intros. apply Rmult_le_pos; [apply pos_INR|apply Rabs_pos].
  - intros x y Hx Hy. rewrite (Hr x Hx), (Hr y Hy).
    replace (total (nodes d m) (fun k => hat d m k x * r (point m k)) - total (nodes d m) (fun k => hat d m k y * r
      (point m k)))
      with (total (nodes d m) (fun k => (hat d m k x - hat d m k y) * r (point m k))).
    + eapply Rle_trans; [apply total_abs|]. rewrite Rmult_comm, <- total_scale. apply total_le. intros k _.
      rewrite Rabs_mult. pose proof (hat_lipschitz d m k x y Hm). pose proof (Rabs_pos (r (point m k))). nra.
    + rewrite (total_ext _ _ _ (fun k => hat d m k x * r (point m k) + -1 * (hat d m k y * r (point m k)))) by
        (intros; ring).
      rewrite total_plus, total_scale. ring.
Qed.

(** ** Safe steps at the nodes of the support *)

(** A safe step is safe at the border of the support, too. *)
Lemma safe_at_support : forall d m q r k c l, (1 <= m)%nat -> (1 <= q)%nat -> linear d (q * m) r -> In k (nodes d m) ->
  safe d m r k c -> In l (support d m q k) ->
  0 <= c * r (point (q * m) l) /\ Rabs c <= Rabs (r (point (q * m) l)).
Proof.
  intros d m q r k c l Hm Hq Hr Hk Hs Hl. apply support_spec in Hl. destruct Hl as [Hl Hg].
  destruct (linear_lipschitz d (q * m) r) as (K & HK0 & HK); [nia|assumption|].
  set (p := point (q * m) l). set (o := point m k).
  assert (Hp : cube d p) by (apply node_in_cube; [nia|assumption]).
  assert (Ho : cube d o) by (apply node_in_cube; assumption).
  assert (Hm' : 0 < INR m) by (apply lt_0_INR; lia). assert (Hq' : 0 < INR q) by (apply lt_0_INR; lia).
  assert (D : INR m * distance d p o <= 1).
  { assert (E : INR q * (INR m * distance d p o) = gauge d (offset_of q k l)).
    { rewrite <- Rmult_assoc. unfold distance.
      destruct (gauge_norm d (fun i => coord i p - coord i o) (fun _ => 0) (INR q * INR m)) as (_ & _ & H & _); [nra|].
      rewrite <- H. apply gauge_ext. intros i _. unfold p, o, offset_of. rewrite !coord_point, mult_INR. field. lra. }
    rewrite <- E in Hg. nra. }
  (* points on the way from the node k to the node l, at a small distance from l *)
  assert (Way : forall e, 0 < e <= 1 -> 0 <= c * r p + Rabs c * K * e * distance d o p /\
    Rabs c <= Rabs (r p) + K * e * distance d o p).
  { intros e He. set (z := vec d (fun i => coord i p + e * (coord i o - coord i p))).
    assert (Hz : cube d z).
    { split; [apply vec_length|]. intros i Hi. unfold z. rewrite coord_vec by assumption.
      pose proof (proj2 Hp i Hi). pose proof (proj2 Ho i Hi). nra. }
    assert (G : forall t y w, 0 <= t -> (forall i, (i < d)%nat -> coord i z - coord i y = t * (coord i w - coord i
      y)) -> distance d z y = t * distance d w y).
    { intros t y w Ht H. unfold distance. destruct (gauge_norm d (fun i => coord i w - coord i y) (fun _ => 0) t Ht)
        as (_ & _ & E & _).
      rewrite <- E. apply gauge_ext. exact H. }
    assert (D1 : distance d z p = e * distance d o p).
    { apply G; [lra|]. intros i Hi. unfold z. rewrite coord_vec by assumption. ring. }
    assert (D2 : distance d z o = (1 - e) * distance d p o).
    { apply G; [lra|]. intros i Hi. unfold z. rewrite coord_vec by assumption. ring. }
    assert (H : 0 < hat d m k z).
    { unfold hat. rewrite gauge_scaled by assumption. fold o. rewrite D2.
      assert (0 <= distance d p o) by apply gauge_nonneg. unfold Rmax. destruct Rle_dec; nra. }
    destruct (Hs z Hz H) as [S1 S2]. pose proof (HK z p Hz Hp) as L. rewrite D1 in L.
    split.
    - assert (Rabs (c * (r z - r p)) <= Rabs c * (K * (e * distance d o p))).
      { rewrite Rabs_mult. apply Rmult_le_compat_l; [apply Rabs_pos|exact L]. }
      apply Rabs_le_inv in H0. nra.
    - pose proof (Rabs_triang (r p) (r z - r p)). replace (r p + (r z - r p)) with (r z) in * by ring. nra. }
  assert (Limit : forall a b, 0 <= b -> (forall e, 0 < e <= 1 -> 0 <= a + b * e) -> 0 <= a).
  { intros a b Hb H. destruct (Rle_lt_dec 0 a) as [|Ha]; [assumption|exfalso].
    destruct (Rle_lt_dec b 0) as [Hb0|Hb0]; [specialize (H 1 ltac:(lra)); nra|].
    assert (He : 0 < Rmin 1 (- a / (2 * b))).
    { apply Rmin_glb_lt; [lra|]. apply Rdiv_lt_0_compat; lra. }
    specialize (H _ (conj He (Rmin_l _ _))). pose proof (Rmin_r 1 (- a / (2 * b))) as M.
    apply Rmult_le_compat_l with (r := b) in M; [|lra].
    replace (b * (- a / (2 * b))) with (- a / 2) in M by (field; lra). lra. }
  assert (D0 : 0 <= distance d o p) by apply gauge_nonneg. pose proof (Rabs_pos c).
  split.
  - apply (Limit _ (Rabs c * K * distance d o p)); [repeat apply Rmult_le_pos; assumption|].
    intros e He. destruct (Way e He) as [W _]. lra.
  - assert (0 <= Rabs (r p) - Rabs c); [|lra]. apply (Limit _ (K * distance d o p)); [apply Rmult_le_pos; assumption|].
    intros e He. destruct (Way e He) as [_ W]. lra.
Qed.

(** ** Least and largest values *)

Lemma fold_min : forall A (F : A -> R) l b, (forall a, In a l -> fold_right (fun a b => Rmin (F a) b) b l <= F a) /\
  fold_right (fun a b => Rmin (F a) b) b l <= b /\
  forall c, c <= b -> (forall a, In a l -> c <= F a) -> c <= fold_right (fun a b => Rmin (F a) b) b l.
Proof.
  induction l as [|a l IH]; intros b; cbn [fold_right]; [split; [intros a []|split; [lra|auto]]|].
  destruct (IH b) as (I1 & I2 & I3). split; [|split].
  - intros a' [<-|H]; [apply Rmin_l|]. eapply Rle_trans; [apply Rmin_r|apply I1; assumption].
  - eapply Rle_trans; [apply Rmin_r|exact I2].
  - intros c Hc H. apply Rmin_glb; [apply H; left; reflexivity|].
    apply I3; [assumption|intros; apply H; right; assumption].
Qed.

Lemma fold_max : forall A (F : A -> R) l b, (forall a, In a l -> F a <= fold_right (fun a b => Rmax (F a) b) b l) /\
  b <= fold_right (fun a b => Rmax (F a) b) b l /\
  forall c, b <= c -> (forall a, In a l -> F a <= c) -> fold_right (fun a b => Rmax (F a) b) b l <= c.
Proof.
  induction l as [|a l IH]; intros b; cbn [fold_right]; [split; [intros a []|split; [lra|auto]]|].
  destruct (IH b) as (I1 & I2 & I3). split; [|split].
  - intros a' [<-|H]; [apply Rmax_l|]. eapply Rle_trans; [apply I1; assumption|apply Rmax_r].
  - eapply Rle_trans; [exact I2|apply Rmax_r].
  - intros c Hc H. apply Rmax_lub; [apply H; left; reflexivity|].
    apply I3; [assumption|intros; apply H; right; assumption].
Qed.

(** Inside a support a linear function lies between its values at the support's nodes. *)
Lemma inside_support : forall d m q r k x, (1 <= m)%nat -> (1 <= q)%nat -> linear d (q * m) r -> cube d x ->
  0 < hat d m k x -> low d m q r k <= r x <= high d m q r k.
Proof.
  intros d m q r k x Hm Hq Hr Hx Hk. rewrite (Hr x Hx).
  assert (P : forall c, c = total (nodes d (q * m)) (fun l => c * hat d (q * m) l x)).
  { intros c. rewrite total_scale, partition_of_unity by (assumption || nia). ring. }
  split.
  - rewrite (P (low d m q r k)). apply total_le. intros l Hl.
    pose proof (hat_range d (q * m) l x) as [[H|H] _]; [|rewrite <- H; lra].
    rewrite Rmult_comm. apply Rmult_le_compat_l; [lra|]. apply (fold_min _ (fun l => r (point (q * m) l))).
    apply (fine_in_support d m q k l x); assumption.
  - rewrite (P (high d m q r k)). apply total_le. intros l Hl.
    pose proof (hat_range d (q * m) l x) as [[H|H] _]; [|rewrite <- H; lra].
    rewrite (Rmult_comm (high _ _ _ _ _)). apply Rmult_le_compat_l; [lra|].
    apply (fold_max _ (fun l => r (point (q * m) l))). apply (fine_in_support d m q k l x); assumption.
Qed.

(** For every d, every mesh 1/m and every q >= 1: if the residual is linear on the Kuhn triangulation of mesh
    1/(q m), then the steps that the construction takes are safe, and no node of mesh 1/m has a larger safe step:
    its sweep is complete, and the theorems on erosion hold for it. *)
Theorem erosion_sweep_complete : forall d m q r, (1 <= m)%nat -> (1 <= q)%nat -> linear d (q * m) r ->
  complete_sweep d m r (erosion_sweep d m q r).
Proof.
  intros d m q r Hm Hq Hr. split; [split; [assumption|split]|].
  - unfold erosion_sweep. rewrite map_map, map_id. apply NoDup_filter, nodes_once.
  - intros g Hg. apply in_map_iff in Hg. destruct Hg as (k & <- & Hk). apply filter_In in Hk. destruct Hk as [Hk _].
    cbn [cells node step]. split; [reflexivity|]. split; [assumption|].
    intros x Hx Hh. pose proof (inside_support d m q r k x Hm Hq Hr Hx Hh) as [L H]. unfold erosion_step.
    assert (low d m q r k <= high d m q r k) by lra.
    unfold Rmax, Rmin. destruct (Rle_dec (low d m q r k) 0); destruct (Rle_dec (high d m q r k) 0).
    + rewrite Rplus_0_l, !Rabs_left1 by lra. nra.
    + rewrite Rplus_0_l, Rabs_R0, Rmult_0_l. split; [lra|apply Rabs_pos].
    + lra.
    + rewrite Rplus_0_r, !Rabs_right by lra. nra.
  - intros k c Hk Hs.
    assert (E : step_at (erosion_sweep d m q r) k = Rabs (erosion_step d m q r k)).
    { unfold step_at, erosion_sweep. rewrite total_map. cbn [node step].
      destruct (Req_EM_T (erosion_step d m q r k) 0) as [E|E].
      - rewrite E, Rabs_R0. apply total_zero. intros l Hl. apply filter_In in Hl.
        destruct list_eq_dec as [->|]; [rewrite E, Rabs_R0|]; reflexivity.
      - rewrite (total_single _ _ k).
        + destruct list_eq_dec; [reflexivity|congruence].
        + apply NoDup_filter, nodes_once.
        + apply filter_In. split; [assumption|]. destruct Req_EM_T; [contradiction|reflexivity].
        + intros l _ Hne. destruct list_eq_dec; [contradiction|reflexivity]. }
    rewrite E. unfold erosion_step.
    assert (S : forall l, In l (support d m q k) -> 0 <= c * r (point (q * m) l) /\ Rabs c <= Rabs (r (point (q * m)
      l)))
      by (intros l Hl; apply (safe_at_support d m q r k c l); assumption).
    assert (S0 : 0 <= c * r (point m k) /\ Rabs c <= Rabs (r (point m k))).
    { apply Hs; [apply node_in_cube; assumption|].
      destruct (hat_values d m k Hm (proj1 (proj1 (nodes_spec d m k) Hk))) as (_ & -> & _). lra. }
    assert (Pos : forall a, 0 < c -> 0 <= c * a /\ Rabs c <= Rabs a -> c <= a).
    { intros a Hc [H1 H2]. rewrite (Rabs_right c) in H2 by lra.
      destruct (Rle_lt_dec 0 a); [rewrite Rabs_right in H2; lra|nra]. }
    assert (Neg : forall a, c < 0 -> 0 <= c * a /\ Rabs c <= Rabs a -> a <= c).
    { intros a Hc [H1 H2]. rewrite (Rabs_left c) in H2 by lra.
      destruct (Rle_lt_dec a 0); [rewrite Rabs_left1 in H2; lra|nra]. }
    destruct (Rtotal_order c 0) as [Hc|[->|Hc]].
    + assert (high d m q r k <= c).
      { apply (fold_max _ (fun l => r (point (q * m) l))); [apply Neg; assumption|intros l Hl; apply Neg;
          [assumption|apply S; assumption]]. }
      assert (low d m q r k <= r (point m k)) by apply (fold_min _ (fun l => r (point (q * m) l))).
      assert (r (point m k) <= high d m q r k) by apply (fold_max _ (fun l => r (point (q * m) l))).
      rewrite Rmax_right, Rmin_left, Rplus_0_l, !Rabs_left1 by lra. lra.
    + rewrite Rabs_R0. apply Rabs_pos.
    + assert (c <= low d m q r k).
      { apply (fold_min _ (fun l => r (point (q * m) l))); [apply Pos; assumption|intros l Hl; apply Pos;
          [assumption|apply S; assumption]]. }
      assert (low d m q r k <= r (point m k)) by apply (fold_min _ (fun l => r (point (q * m) l))).
      assert (r (point m k) <= high d m q r k) by apply (fold_max _ (fun l => r (point (q * m) l))).
      rewrite Rmax_left, Rmin_right, Rplus_0_r, !Rabs_right by lra. lra.
Qed.
