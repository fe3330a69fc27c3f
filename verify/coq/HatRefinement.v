(** * Finer grids refine coarser ones: hats stay linear

    A function that is linear on the Kuhn triangulation of mesh 1/m is linear on that of mesh 1/(q m), too, for
    every dimension and every q >= 1. Its value at the fine node l/(q m) is the mean over j = 0, ..., q-1 of its
    values at the coarse nodes floor((l + j) / q) / m: in terms of the shifts of HatPartition.v, a shift of the
    coarse grid is j fine steps and a shift of the fine grid.
    Source: docs/multigrade.md, "Kuhn grids and slopes". *)

From Coq Require Import Reals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion ErosionRate.
Import ListNotations.
Local Open Scope R_scope.

(** The coarse node floor((l + j) / q). *)
Definition coarse (q : nat) (j : nat) (l : list Z) : list Z := map (fun z => (z + Z.of_nat j) / Z.of_nat q)%Z l.

(** 1 if the two nodes are the same. *)
Definition same (k l : list Z) : R := if list_eq_dec Z.eq_dec k l then 1 else 0.

Lemma same_cons : forall a b k l, same (a :: k) (b :: l) = (if Z.eq_dec a b then 1 else 0) * same k l.
Proof.
  intros; unfold same. destruct list_eq_dec as [E|E]; destruct Z.eq_dec as [E1|E1]; destruct list_eq_dec as [E2|E2];
    try lra; try (injection E; congruence); congruence.
Qed.

Lemma coarse_node : forall d m q j l, (1 <= q)%nat -> (j < q)%nat -> In l (nodes d (q * m)) ->
  In (coarse q j l) (nodes d m).
Proof.
  intros d m q j l Hq Hj Hl. apply nodes_spec in Hl. destruct Hl as [H1 H2]. apply nodes_spec.
  split; [unfold coarse; rewrite map_length; assumption|]. intros i Hi. specialize (H2 i Hi).
  unfold coarse. rewrite nth_indep with (d' := ((0 + Z.of_nat j) / Z.of_nat q)%Z) by (rewrite map_length; lia).
  rewrite (map_nth (fun z => ((z + Z.of_nat j) / Z.of_nat q)%Z)). rewrite Nat2Z.inj_mul in H2.
  split; [apply Z.div_pos; lia|]. apply Z.lt_succ_r, Z.div_lt_upper_bound; nia.
Qed.

(** ** Tiling a box of fine nodes *)

(** One coordinate: the fine intervals whose coarse node is [c]. *)
Lemma tiles_of : forall y a b q j c n, (1 <= q)%nat -> - y <= a ->
  sum n (fun i => (if Z.eq_dec ((Z.of_nat i + Z.of_nat j) / Z.of_nat q) c then 1 else 0) *
    span (Rmax a (INR i - y)) (Rmin b (INR i + 1 - y))) =
  span (Rmax a (INR q * IZR c - INR j - y)) (Rmin b (Rmin (INR q * IZR c - INR j + INR q - y) (INR n - y))).
Proof.
  intros y a b q j c n Hq Ha. set (L := (Z.of_nat q * c - Z.of_nat j)%Z).
  assert (EL : INR q * IZR c - INR j = IZR L) by (unfold L; rewrite minus_IZR, mult_IZR, <- !INR_IZR_INZ; ring).
  rewrite EL. assert (HQ : 1 <= INR q) by (apply le_INR in Hq; simpl in Hq; lra).
  induction n; cbn [sum].
  - simpl INR. cases.
  - rewrite IHn, S_INR. assert (0 <= INR n) by apply pos_INR. clear IHn.
    destruct Z.eq_dec as [E|E].
    + assert (H1 : (L <= Z.of_nat n)%Z) by (unfold L; subst c;
        pose proof (Z.mul_div_le (Z.of_nat n + Z.of_nat j) (Z.of_nat q)); lia).
      assert (H2 : (Z.of_nat n + 1 <= L + Z.of_nat q)%Z)
        by (unfold L; subst c; pose proof (Z.mul_succ_div_gt (Z.of_nat n + Z.of_nat j) (Z.of_nat q)); lia).
      apply IZR_le in H1, H2. rewrite !plus_IZR, <- !INR_IZR_INZ in *.
      rewrite (Rmin_right (IZR L + INR q - y) (INR n - y)), (Rmin_right (IZR L + INR q - y) (INR n + 1 - y)) by lra.
      assert (H3 : IZR L - y <= INR n - y) by lra. clear -H3 Ha. cases.
    + assert (H1 : (Z.of_nat n + 1 <= L \/ L + Z.of_nat q <= Z.of_nat n)%Z).
      { destruct (Z_lt_le_dec (Z.of_nat n) L); [left; lia|]. right.
        destruct (Z_lt_le_dec (Z.of_nat n) (L + Z.of_nat q)); [|assumption]. exfalso. apply E.
        symmetry. apply Z.div_unique with (Z.of_nat n - L)%Z; [left; lia|]. unfold L; lia. }
      rewrite Rmult_0_l, Rplus_0_r. destruct H1 as [H1|H1]; apply IZR_le in H1;
        rewrite !plus_IZR, <- !INR_IZR_INZ in H1.
      * rewrite (Rmin_right (IZR L + INR q - y) (INR n - y)),
          (Rmin_right (IZR L + INR q - y) (INR n + 1 - y)) by lra. clear -H1 Ha. cases.
      * rewrite !(Rmin_left (IZR L + INR q - y)) by lra. reflexivity.
Qed.

(** All coordinates: the fine shifts that lead to the coarse node [k]. *)
Lemma box_tiles : forall q j d n y k a b, (1 <= q)%nat -> length k = d -> 0 <= a -> b <= 1 ->
  (forall i, (i < d)%nat -> 0 <= y i <= INR n) ->
  total (nodes d n) (fun l => same (coarse q j l) k *
    span (Rmax a (top d (fun i => - (y i - IZR (nth i l 0%Z))))) (Rmin b (1 - top d (fun i => y i - IZR (nth i l
      0%Z))))) =
  span (Rmax a (top d (fun i => INR q * IZR (nth i k 0%Z) - INR j - y i)))
    (Rmin b (1 - top d (fun i => 1 - (INR q * IZR (nth i k 0%Z) - INR j + INR q - y i)))).
Proof.
  intros q j. induction d; intros n y k a b Hq Hk Ha Hb Hy.
  - destruct k; [|discriminate]. unfold total, same; cbn [nodes fold_right coarse map top].
    destruct list_eq_dec; [lra|congruence].
  - destruct k as [|c k]; [discriminate|]. injection Hk; intros Hk'.
    cbn [nodes]. rewrite total_flat_map, total_seq.
    assert (H0 := Hy 0%nat ltac:(lia)). rewrite !top_first. cbn [nth].
    set (T1 := top d (fun i => INR q * IZR (nth i k 0%Z) - INR j - y (S i))).
    set (T2 := top d (fun i => 1 - (INR q * IZR (nth i k 0%Z) - INR j + INR q - y (S i)))).
    rewrite (sum_ext _ _ (fun z => (if Z.eq_dec ((Z.of_nat z + Z.of_nat j) / Z.of_nat q) c then 1 else 0) *
      span (Rmax (Rmax a T1) (INR z - y 0%nat)) (Rmin (Rmin b (1 - T2)) (INR z + 1 - y 0%nat)))).
    + rewrite tiles_of; [|assumption|].
      * rewrite S_INR. generalize (INR q * IZR c - INR j). intros L. f_equal; cases.
      * assert (a <= Rmax a T1) by apply Rmax_l. lra.
    + intros z Hz. rewrite total_map.
      transitivity ((if Z.eq_dec ((Z.of_nat z + Z.of_nat j) / Z.of_nat q) c then 1 else 0) *
        span (Rmax (Rmax a (INR z - y 0%nat)) T1) (Rmin (Rmin b (INR z + 1 - y 0%nat)) (1 - T2))).
      * unfold T1, T2. rewrite <- (IHd n (fun i => y (S i))); [|assumption|assumption| | |intros; apply Hy; lia].
        -- rewrite <- total_scale. apply total_ext. intros l _. cbn [coarse map]. fold (coarse q j l).
           rewrite same_cons, !top_first. cbn [nth]. rewrite <- INR_IZR_INZ, Rmult_assoc. do 2 f_equal.
           generalize (top d (fun i => - (y (S i) - IZR (nth i l 0%Z)))) (top d (fun i => y (S i) - IZR (nth i l 0%Z))).
           intros. f_equal; cases.
        -- eapply Rle_trans; [exact Ha|apply Rmax_l].
        -- eapply Rle_trans; [apply Rmin_l|exact Hb].
      * f_equal. f_equal; cases.
Qed.

(** ** Coarse hats by fine hats *)

Lemma top_shift : forall d v s, 0 <= s -> top d (fun i => v i - s) = Rmax (top d v - s) 0.
Proof. induction d; intros; cbn [top]; [rewrite Rmax_right; lra|]. rewrite IHd by assumption. cases. Qed.

Lemma coarse_hat : forall d m q k x, (1 <= m)%nat -> (1 <= q)%nat -> length k = d -> cube d x ->
  INR q * hat d m k x = sum q (fun j => total (nodes d (q * m)) (fun l => same (coarse q j l) k * hat d (q * m) l x)).
Proof.
  intros d m q k x Hm Hq Hk [_ Hx]. set (t := scaled m k x).
  assert (HQ : 0 < INR q) by (apply lt_0_INR; lia).
  rewrite (sum_ext q _ (fun j => span (Rmax (INR q * top d (fun i => - t i)) (INR j - 0))
    (Rmin (INR q - INR q * top d t) (INR j + 1 - 0)))).
  - rewrite tiles by (pose proof (top_nonneg d (fun i => - t i)); nra).
    unfold hat, gauge. fold t. pose proof (top_nonneg d t). pose proof (top_nonneg d (fun i => - t i)).
    rewrite Rmin_left by nra. unfold span. rewrite <- RmaxRmult by lra.
    f_equal; [|ring]. ring.
  - intros j Hj.
    transitivity (total (nodes d (q * m)) (fun l => same (coarse q j l) k *
      span (Rmax 0 (top d (fun i => - (INR (q * m) * coord i x - IZR (nth i l 0%Z)))))
        (Rmin 1 (1 - top d (fun i => INR (q * m) * coord i x - IZR (nth i l 0%Z)))))).
    + apply total_ext. intros l _. f_equal. unfold hat, gauge, scaled.
      pose proof (top_nonneg d (fun i => INR (q * m) * coord i x - IZR (nth i l 0%Z))).
      pose proof (top_nonneg d (fun i => - (INR (q * m) * coord i x - IZR (nth i l 0%Z)))).
      rewrite (Rmax_right 0), (Rmin_right 1) by lra. unfold span. f_equal. ring.
    + rewrite box_tiles; [|assumption|assumption|lra|lra|].
      * assert (Hj' : INR j + 1 <= INR q) by (rewrite <- S_INR; apply le_INR; lia).
        assert (0 <= INR j) by apply pos_INR.
        rewrite (top_ext d _ (fun i => (fun i => INR q * - t i) i - INR j)) by (intros; unfold t, scaled;
          rewrite mult_INR; ring).
        rewrite (top_ext d (fun i => 1 - _) (fun i => (fun i => INR q * t i) i - (INR q - INR j - 1)))
          by (intros; unfold t, scaled; rewrite mult_INR; ring).
        rewrite !top_shift, !top_scale by lra.
        generalize (INR q * top d t) (INR q * top d (fun i => - t i)). intros u w. clear -H Hj'. cases.
      * intros i Hi. specialize (Hx i Hi). pose proof (pos_INR (q * m)). nra.
Qed.

(** For every d, m, q >= 1 and every function r that is linear on the Kuhn triangulation of mesh 1/m: its value at
    the node l/(q m) of the finer grid is the mean of its values at the q coarse nodes floor((l + j) / q) / m. *)
Theorem value_at_fine_node : forall d m q r l, (1 <= m)%nat -> (1 <= q)%nat -> linear d m r ->
  In l (nodes d (q * m)) -> INR q * r (point (q * m) l) = sum q (fun j => r (point m (coarse q j l))).
Proof.
  intros d m q r l Hm Hq Hr Hl. assert (Hll := proj1 (proj1 (nodes_spec d (q * m) l) Hl)).
  assert (Hc : cube d (point (q * m) l)) by (apply node_in_cube; [nia|assumption]).
  rewrite (Hr _ Hc), <- total_scale.
  transitivity (total (nodes d m) (fun k => total (seq 0 q) (fun j => same (coarse q j l) k * r (point m k)))).
  - apply total_ext. intros k Hk. rewrite <- Rmult_assoc, coarse_hat; try assumption; [|apply (nodes_spec d m k);
      assumption].
    rewrite total_seq, Rmult_comm, <- sum_scale. apply sum_ext. intros j _. rewrite (total_single _ _ l).
    + destruct (hat_values d (q * m) l ltac:(nia) Hll) as (_ & -> & _). ring.
    + apply nodes_once.
    + assumption.
    + intros l' Hl' Hne. destruct (hat_values d (q * m) l' ltac:(nia) (proj1 (proj1 (nodes_spec d (q * m) l') Hl')))
        as (_ & _ & E & _).
      rewrite E by congruence. ring.
  - rewrite total_swap, total_seq. apply sum_ext. intros j Hj. rewrite (total_single _ _ (coarse q j l)).
    + unfold same. destruct list_eq_dec; [ring|congruence].
    + apply nodes_once.
    + apply coarse_node; assumption.
    + intros k _ Hne. unfold same. destruct list_eq_dec; [congruence|ring].
Qed.

(** For every d, m, q >= 1: a function that is linear on the Kuhn triangulation of mesh 1/m is linear on that of
    mesh 1/(q m). *)
Theorem linear_on_finer : forall d m q r, (1 <= m)%nat -> (1 <= q)%nat -> linear d m r -> linear d (q * m) r.
Proof.
  intros d m q r Hm Hq Hr x Hx. assert (HQ : 0 < INR q) by (apply lt_0_INR; lia).
  apply Rmult_eq_reg_l with (INR q); [|lra]. rewrite (Hr x Hx) at 1. rewrite <- !total_scale.
  rewrite (total_ext _ (nodes d (q * m)) _ (fun l => total (seq 0 q) (fun j => hat d (q * m) l x * r (point m (coarse
    q j l))))).
  - rewrite (total_ext _ (nodes d m) _ (fun k => total (seq 0 q) (fun j =>
      total (nodes d (q * m)) (fun l => same (coarse q j l) k * hat d (q * m) l x * r (point m k))))).
    + rewrite total_swap. rewrite (total_swap _ _ (nodes d (q * m))). apply total_ext. intros j Hj. apply in_seq in Hj.
      rewrite total_swap. apply total_ext. intros l Hl. rewrite (total_single _ _ (coarse q j l)).
      * unfold same. destruct list_eq_dec; [ring|congruence].
      * apply nodes_once.
      * apply coarse_node; [assumption|lia|assumption].
      * intros k _ Hne. unfold same. destruct list_eq_dec; [congruence|ring].
    + intros k Hk. rewrite <- Rmult_assoc, coarse_hat; try assumption; [|apply (nodes_spec d m k); assumption].
      rewrite <- total_seq, Rmult_comm, <- total_scale. apply total_ext. intros j _. rewrite <- total_scale.
      apply total_ext. intros; ring.
  - intros l Hl. rewrite total_scale, total_seq, <- (value_at_fine_node d m q r l) by assumption. ring.
Qed.
