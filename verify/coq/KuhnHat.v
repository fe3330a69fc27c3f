(** * The hats of the Kuhn triangulation, in every dimension

    The Kuhn triangulation of mesh h = 1/m has the nodes k/m and the edges e/m, e in {0,1}^d. Its gauge is
    max(0, v_1, ..., v_d) + max(0, -v_1, ..., -v_d), the norm whose unit ball is spanned by the edges and their
    negatives. The hat of the node k/m is relu(1 - gauge(m x - k)). This file has the gauge's rules (it is
    subadditive, symmetric and positively homogeneous) and the hat's values and support.
    Source: arXiv 2601.16884; docs/multigrade.md, "Kuhn grids and slopes". *)

From Coq Require Import Reals ZArith List Lia Lra.
From Approxcert Require Import Sums.
Import ListNotations.
Local Open Scope R_scope.

(** ** The gauge *)

(** The largest of 0, [v 0], ..., [v (d-1)]. *)
Fixpoint top (d : nat) (v : nat -> R) : R :=
  match d with O => 0 | S n => Rmax (top n v) (v n) end.

(** The norm of which the edges of the triangulation, and their sums of one direction, have length 1. *)
Definition gauge (d : nat) (v : nat -> R) : R := top d v + top d (fun i => - v i).

(** The gauge of [x - y]. *)
Definition distance (d : nat) (x y : list R) : R := gauge d (fun i => coord i x - coord i y).

Lemma top_nonneg : forall d v, 0 <= top d v.
Proof. induction d; intros; cbn [top]; [lra|]. eapply Rle_trans; [apply IHd|apply Rmax_l]. Qed.

Lemma top_ge : forall d v i, (i < d)%nat -> v i <= top d v.
Proof.
  induction d; intros v i Hi; [lia|]. cbn [top]. destruct (Nat.eq_dec i d) as [->|]; [apply Rmax_r|].
  eapply Rle_trans; [apply IHd; lia|apply Rmax_l].
Qed.

Lemma top_le : forall d v b, 0 <= b -> (forall i, (i < d)%nat -> v i <= b) -> top d v <= b.
Proof. induction d; intros; cbn [top]; [assumption|]. apply Rmax_lub; auto with arith. Qed.

Lemma top_ext : forall d v w, (forall i, (i < d)%nat -> v i = w i) -> top d v = top d w.
Proof. induction d; intros; cbn [top]; [reflexivity|]. f_equal; auto with arith. Qed.

Lemma top_scale : forall d t v, 0 <= t -> top d (fun i => t * v i) = t * top d v.
Proof. induction d; intros; cbn [top]; [lra|]. rewrite IHd, RmaxRmult by assumption. reflexivity. Qed.

(** The first entry set apart. *)
Lemma top_first : forall d v, top (S d) v = Rmax (v 0%nat) (top d (fun i => v (S i))).
Proof.
  induction d; intros; [apply Rmax_comm|].
  change (top (S (S d)) v) with (Rmax (top (S d) v) (v (S d))). rewrite IHd, <- Rmax_assoc. reflexivity.
Qed.

Lemma gauge_nonneg : forall d v, 0 <= gauge d v.
Proof.
  intros; unfold gauge. pose proof (top_nonneg d v). pose proof (top_nonneg d (fun i => - v i)). lra.
Qed.

Lemma gauge_ext : forall d v w, (forall i, (i < d)%nat -> v i = w i) -> gauge d v = gauge d w.
Proof. intros; unfold gauge; f_equal; apply top_ext; intros; rewrite H by assumption; reflexivity. Qed.

Lemma gauge_opp : forall d v, gauge d (fun i => - v i) = gauge d v.
Proof.
  intros; unfold gauge. rewrite (top_ext d (fun i => - - v i) v) by (intros; ring). ring.
Qed.

(** Every entry is bounded by the gauge. *)
Lemma gauge_ge : forall d v i, (i < d)%nat -> Rabs (v i) <= gauge d v.
Proof.
  intros d v i Hi; unfold gauge. pose proof (top_ge d v i Hi). pose proof (top_ge d (fun i => - v i) i Hi).
  pose proof (top_nonneg d v). pose proof (top_nonneg d (fun i => - v i)). cbn beta in *.
  apply Rabs_le; lra.
Qed.

(** The gauge is subadditive, symmetric and positively homogeneous, for every d: a norm on R^d, whatever v, w
    and t >= 0. *)
Theorem gauge_norm : forall d v w t, 0 <= t ->
  gauge d (fun i => v i + w i) <= gauge d v + gauge d w /\
  gauge d (fun i => - v i) = gauge d v /\
  gauge d (fun i => t * v i) = t * gauge d v /\
  (gauge d v = 0 -> forall i, (i < d)%nat -> v i = 0).
Proof.
  intros d v w t Ht. repeat split.
  - unfold gauge.
    assert (H : forall p q, top d (fun i => p i + q i) <= top d p + top d q).
    { intros. pose proof (top_nonneg d p). pose proof (top_nonneg d q). apply top_le; [lra|].
      intros i Hi. pose proof (top_ge d p i Hi). pose proof (top_ge d q i Hi). lra. }
    pose proof (H v w). pose proof (H (fun i => - v i) (fun i => - w i)) as H'.
    rewrite (top_ext d (fun i => - (v i + w i)) (fun i => - v i + - w i)) by (intros; ring). lra.
  - apply gauge_opp.
  - unfold gauge. rewrite top_scale by assumption.
    rewrite (top_ext d (fun i => - (t * v i)) (fun i => t * - v i)) by (intros; ring).
    rewrite top_scale by assumption. ring.
  - intros H i Hi. pose proof (gauge_ge d v i Hi). rewrite H in *.
    pose proof (Rabs_pos (v i)). destruct (Req_dec (v i) 0) as [|Hn]; [assumption|].
    apply Rabs_pos_lt in Hn. lra.
Qed.

Lemma distance_sym : forall d x y, distance d x y = distance d y x.
Proof.
  intros; unfold distance. rewrite <- gauge_opp. apply gauge_ext; intros; ring.
Qed.

Lemma distance_triangle : forall d x y z, distance d x z <= distance d x y + distance d y z.
Proof.
  intros; unfold distance.
  rewrite (gauge_ext d (fun i => coord i x - coord i z)
    (fun i => (coord i x - coord i y) + (coord i y - coord i z))) by (intros; ring).
  apply (gauge_norm d _ _ 0); lra.
Qed.

(** ** The hat *)

(** [m x - k]: the place of [x] as seen from the node k/m, in units of the mesh. *)
Definition scaled (m : nat) (k : list Z) (x : list R) (i : nat) : R := INR m * coord i x - IZR (nth i k 0%Z).

(** The hat of the node k/m on the grid of mesh 1/m. *)
Definition hat (d m : nat) (k : list Z) (x : list R) : R := Rmax (1 - gauge d (scaled m k x)) 0.

(** The node k/m as a point. *)
Definition point (m : nat) (k : list Z) : list R := map (fun z => IZR z / INR m) k.

Lemma coord_point : forall m k i, coord i (point m k) = IZR (nth i k 0%Z) / INR m.
Proof.
  intros; unfold coord, point. replace 0 with (IZR 0 / INR m) at 1 by (unfold Rdiv; ring).
  rewrite (map_nth (fun z => IZR z / INR m)). reflexivity.
Qed.

Lemma hat_range : forall d m k x, 0 <= hat d m k x <= 1.
Proof.
  intros; unfold hat. pose proof (gauge_nonneg d (scaled m k x)).
  split; [apply Rmax_r|apply Rmax_lub; lra].
Qed.

Lemma gauge_scaled : forall d m k x, (1 <= m)%nat ->
  gauge d (scaled m k x) = INR m * distance d x (point m k).
Proof.
  intros d m k x Hm. apply le_INR in Hm; simpl in Hm.
  destruct (gauge_norm d (fun i => coord i x - coord i (point m k)) (fun _ => 0) (INR m)) as (_ & _ & H & _); [lra|].
  unfold distance. rewrite <- H. apply gauge_ext. intros; unfold scaled. rewrite coord_point. field; lra.
Qed.

(** Where a hat is positive, it says how far its node is. *)
Lemma hat_distance : forall d m k x, (1 <= m)%nat -> 0 < hat d m k x ->
  hat d m k x = 1 - INR m * distance d x (point m k) /\ distance d x (point m k) <= / INR m.
Proof.
  intros d m k x Hm H. unfold hat in *. rewrite gauge_scaled in * by assumption.
  apply le_INR in Hm; simpl in Hm. revert H. unfold Rmax; destruct (Rle_dec _ 0); intros H; [lra|].
  split; [reflexivity|]. apply Rmult_le_reg_l with (INR m); [lra|]. rewrite Rinv_r; lra.
Qed.

(** The hat of the node k/m has values in [0,1], is 1 at its node and 0 at every other node l/m, and is positive
    only at points less than one mesh width away from its node, in every coordinate and in the gauge; for every
    dimension d and mesh 1/m. *)
Theorem hat_values : forall d m k, (1 <= m)%nat -> length k = d ->
  (forall x, 0 <= hat d m k x <= 1) /\
  hat d m k (point m k) = 1 /\
  (forall l, length l = d -> l <> k -> hat d m k (point m l) = 0) /\
  (forall x, 0 < hat d m k x -> distance d x (point m k) < 1 / INR m /\
    forall i, (i < d)%nat -> Rabs (coord i x - coord i (point m k)) < 1 / INR m).
Proof.
  intros d m k Hm Hk. assert (Hm' : 1 <= INR m) by (apply le_INR in Hm; simpl in Hm; lra).
  assert (Hs : forall l i, scaled m k (point m l) i = IZR (nth i l 0%Z) - IZR (nth i k 0%Z)).
  { intros; unfold scaled. rewrite coord_point. field; lra. }
  split; [apply hat_range|]. split; [|split].
  - unfold hat. rewrite (gauge_ext d _ (fun _ => 0 * 0)) by (intros; rewrite Hs; lra).
    destruct (gauge_norm d (fun _ => 0) (fun _ => 0) 0) as (_ & _ & H & _); [lra|]. rewrite H.
    rewrite Rmax_left; lra.
  - intros l Hl Hne. unfold hat. apply Rmax_right.
    assert (E : exists i, (i < d)%nat /\ nth i l 0%Z <> nth i k 0%Z).
    { destruct (Exists_dec (fun i => nth i l 0%Z <> nth i k 0%Z) (seq 0 d)) as [E|E].
      - intros i. destruct (Z.eq_dec (nth i l 0%Z) (nth i k 0%Z)); [right|left]; tauto.
      - apply Exists_exists in E. destruct E as (i & Hi & E). apply in_seq in Hi. exists i. split; [lia|exact E].
      - exfalso. apply Hne. apply nth_ext with (d := 0%Z) (d' := 0%Z); [lia|]. intros i Hi.
        destruct (Z.eq_dec (nth i l 0%Z) (nth i k 0%Z)) as [|Hn]; [assumption|].
        exfalso. apply E, Exists_exists. exists i. split; [apply in_seq; lia|exact Hn]. }
    destruct E as (i & Hi & E). pose proof (gauge_ge d (scaled m k (point m l)) i Hi) as H.
    rewrite Hs, <- minus_IZR, <- abs_IZR in H.
    assert (1 <= IZR (Z.abs (nth i l 0%Z - nth i k 0%Z))) by (apply IZR_le; lia). lra.
  - intros x H. pose proof (hat_distance d m k x Hm H) as [E _]. rewrite E in H.
    assert (D : distance d x (point m k) < 1 / INR m).
    { apply Rmult_lt_reg_l with (INR m); [lra|]. unfold Rdiv. rewrite Rmult_1_l, Rinv_r; lra. }
    split; [exact D|]. intros i Hi. eapply Rle_lt_trans; [|exact D].
    apply (gauge_ge d (fun i => coord i x - coord i (point m k)) i Hi).
Qed.
