(** * Multigrade networks for d <= 2: sweeps at halved meshes halve the bound

    The construction of constructs/multigrade.py, [build]: complete erosion sweeps at the meshes 1/m, 1/(2m),
    1/(4m), ... for a target that is linear on the Kuhn triangulation of mesh 1/m. In one and two dimensions the
    residual after s sweeps is at most K / (m 2^(s-1)), K the slope of the target.
    Source: docs/multigrade.md, "The rate" (arXiv 2601.16884 has no rate). *)

From Coq Require Import Reals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork HatNetworkSize.
From Approxcert Require Import Erosion ErosionRate ErosionSteps HatRefinement ErosionSlopes.
Import ListNotations.
Local Open Scope R_scope.

(** ** Slopes on finer grids *)

(** A step of one in a fine coordinate is a step of one of the coarse coordinate for one of the q shifts. *)
Lemma one_jump : forall q a, (1 <= q)%nat -> exists j0, (j0 < q)%nat /\ forall j, (j < q)%nat ->
  let c := ((a + Z.of_nat j) / Z.of_nat q)%Z in
  ((a + 1 + Z.of_nat j) / Z.of_nat q = if Nat.eqb j j0 then c + 1 else c)%Z.
Proof.
  intros q a Hq. set (Q := Z.of_nat q). assert (HQ : (1 <= Q)%Z) by lia.
  pose proof (Z.mod_pos_bound a Q ltac:(lia)) as HM. pose proof (Z.div_mod a Q ltac:(lia)) as HD.
  exists (Z.to_nat (Q - 1 - a mod Q)). split; [lia|]. intros j Hj c. unfold c.
  destruct (Nat.eqb_spec j (Z.to_nat (Q - 1 - a mod Q))) as [E|E].
  - assert (Z.of_nat j = Q - 1 - a mod Q)%Z by lia.
    rewrite <- (Z.div_unique (a + 1 + Z.of_nat j) Q (a / Q + 1) 0) by lia.
    rewrite <- (Z.div_unique (a + Z.of_nat j) Q (a / Q) (Q - 1)) by lia. lia.
  - destruct (Z_lt_le_dec (Z.of_nat j) (Q - 1 - a mod Q)).
    + rewrite <- (Z.div_unique (a + 1 + Z.of_nat j) Q (a / Q) (a mod Q + 1 + Z.of_nat j)) by lia.
      rewrite <- (Z.div_unique (a + Z.of_nat j) Q (a / Q) (a mod Q + Z.of_nat j)) by lia. lia.
    + rewrite <- (Z.div_unique (a + 1 + Z.of_nat j) Q (a / Q + 1) (a mod Q + 1 + Z.of_nat j - Q)) by lia.
      rewrite <- (Z.div_unique (a + Z.of_nat j) Q (a / Q + 1) (a mod Q + Z.of_nat j - Q)) by lia. lia.
Qed.

(** A sum of q terms all of which but one vanish. *)
Lemma sum_one : forall q j0 z b, (j0 < q)%nat -> 0 <= b ->
  (forall j, (j < q)%nat -> Rabs (z j) <= if Nat.eqb j j0 then b else 0) ->
  Rabs (sum q z) <= b.
Proof.
  intros q j0 z b Hj Hb H. eapply Rle_trans; [apply sum_abs|].
  apply Rle_trans with (sum q (fun j => (if Nat.eqb j j0 then b else 0) * 1)).
  - apply sum_le. intros j Hj'. specialize (H j Hj'). lra.
  - rewrite (sum_single q j0 b (fun _ => 1)) by assumption. lra.
Qed.

Lemma sum_telescope : forall n z, sum n (fun j => z (S j) - z j) = z n - z 0%nat.
Proof. induction n; intros; cbn [sum]; [lra|]. rewrite IHn; lra. Qed.

(** [l] is [k] with 0 or 1 added to every coordinate. *)
Definition above (k l : list Z) : Prop := Forall2 (fun a b => b = a \/ b = a + 1)%Z k l.

Lemma above_neighbours : forall d k l, above k l -> neighbours d k l.
Proof.
  intros d k l H. unfold neighbours.
  assert (D : forall i, 0 <= IZR (nth i l 0%Z) - IZR (nth i k 0%Z) <= 1).
  { induction H as [|a b k l Hab H IH]; intros [|i]; cbn [nth]; try apply IH; try lra.
    destruct Hab as [->| ->]; rewrite ?plus_IZR; lra. }
  unfold gauge.
  assert (top d (fun i => IZR (nth i l 0%Z) - IZR (nth i k 0%Z)) <= 1) by (apply top_le; [lra|intros; apply D]).
  assert (top d (fun i => - (IZR (nth i l 0%Z) - IZR (nth i k 0%Z))) <= 0) by (apply top_le; [lra|intros i _;
    specialize (D i); lra]).
  lra.
Qed.

Lemma neighbours_above : forall d k l, length k = d -> length l = d -> neighbours d k l -> above k l \/ above l k.
Proof.
  intros d k l Hk Hl H. unfold neighbours in H.
  set (v := fun i => IZR (nth i l 0%Z) - IZR (nth i k 0%Z)) in H.
  assert (F : forall k l d, length k = d -> length l = d ->
    (forall i, (i < d)%nat -> nth i l 0%Z = nth i k 0%Z \/ nth i l 0%Z = nth i k 0 + 1)%Z -> above k l).
  { clear. induction k as [|a k IH]; intros l d Hk Hl H; destruct l as [|b l]; cbn [length] in *; try (subst;
      discriminate); [constructor|].
    constructor; [apply (H 0%nat); lia|]. apply (IH l (length k)); [reflexivity|congruence|]. intros i Hi.
    apply (H (S i)); lia. }
  assert (G1 : forall i, (i < d)%nat -> v i <= top d v) by (intros; apply (top_ge d v); assumption).
  assert (G2 : forall i, (i < d)%nat -> - v i <= top d (fun i => - v i)) by (intros;
    apply (top_ge d (fun i => - v i)); assumption).
  pose proof (top_nonneg d v) as T1. pose proof (top_nonneg d (fun i => - v i)) as T2. unfold gauge in H.
  assert (I : forall i, v i = IZR (nth i l 0 - nth i k 0)%Z) by (intros; unfold v; rewrite minus_IZR; reflexivity).
  (* all differences are at most 0, or one is at least 1 and then none is negative *)
  destruct (Rlt_le_dec (top d v) 1) as [Ht|Ht].
  - right. apply (F l k d Hl Hk). intros i Hi. specialize (G1 i Hi). specialize (G2 i Hi). rewrite I in *.
    assert (A : (nth i l 0 - nth i k 0 < 1)%Z) by (apply lt_IZR; lra).
    assert (B : (-1 <= nth i l 0 - nth i k 0)%Z) by (apply le_IZR; lra). lia.
  - left. apply (F k l d Hk Hl). intros i Hi. specialize (G1 i Hi). specialize (G2 i Hi). rewrite I in *.
    assert (A : (nth i l 0 - nth i k 0 <= 1)%Z) by (apply le_IZR; lra).
    assert (B : (0 <= nth i l 0 - nth i k 0)%Z) by (apply le_IZR; lra). lia.
Qed.

(** For d <= 2 and all m, q >= 1: if r is linear on the Kuhn triangulation of mesh 1/m and its values at neighbouring
    nodes differ by at most K/m, then its values at neighbouring nodes of mesh 1/(q m) differ by at most K/(q m). *)
Theorem edge_slope_on_finer : forall d m q K r, (d <= 2)%nat -> (1 <= m)%nat -> (1 <= q)%nat -> 0 <= K ->
  linear d m r -> edge_slope d m K r -> edge_slope d (q * m) K r.
Proof.
  intros d m q K r Hd Hm Hq HK0 Hr HK.
  assert (HQ : 0 < INR q) by (apply lt_0_INR; lia). assert (HM : 0 < INR m) by (apply lt_0_INR; lia).
  assert (Hb : 0 <= K / INR m) by (apply Rmult_le_pos; [assumption|left; apply Rinv_0_lt_compat; assumption]).
  (* it is enough to bound the sum of the differences over the q coarse nodes *)
  assert (Enough : forall k l, In k (nodes d (q * m)) -> In l (nodes d (q * m)) ->
    Rabs (sum q (fun j => r (point m (coarse q j l)) - r (point m (coarse q j k)))) <= K / INR m ->
    Rabs (r (point (q * m) l) - r (point (q * m) k)) <= K / INR (q * m)).
  { intros k l Hk Hl H.
    rewrite (sum_ext q _ (fun j => r (point m (coarse q j l)) + -1 * r (point m (coarse q j k)))) in H by (intros;
      ring).
    rewrite sum_plus, sum_scale, <- (value_at_fine_node d m q r l),
      <- (value_at_fine_node d m q r k) in H by assumption.
    replace (INR q * r (point (q * m) l) + -1 * (INR q * r (point (q * m) k)))
      with (INR q * (r (point (q * m) l) - r (point (q * m) k))) in H by ring.
    rewrite Rabs_mult, (Rabs_right (INR q)) in H by lra.
    apply Rmult_le_reg_l with (INR q); [assumption|]. eapply Rle_trans; [exact H|]. right. rewrite mult_INR.
    field; lra. }
  assert (Up : forall k l, In k (nodes d (q * m)) -> In l (nodes d (q * m)) -> above k l ->
    Rabs (r (point (q * m) l) - r (point (q * m) k)) <= K / INR (q * m)).
  { intros k l Hk Hl H. apply Enough; try assumption.
    assert (Edge : forall j, (j < q)%nat -> above (coarse q j k) (coarse q j l) ->
      Rabs (r (point m (coarse q j l)) - r (point m (coarse q j k))) <= K / INR m).
    { intros j Hj Ha. apply HK; [apply coarse_node; assumption|apply coarse_node; assumption|apply above_neighbours;
        assumption]. }
    (* all coordinates go up: the sum telescopes *)
    assert (All : l = map (fun z => z + 1)%Z k ->
      Rabs (sum q (fun j => r (point m (coarse q j l)) - r (point m (coarse q j k)))) <= K / INR m).
    { intros El. rewrite (sum_ext q _ (fun j => r (point m (coarse q (S j) k)) - r (point m (coarse q j k)))).
      - rewrite (sum_telescope q (fun j => r (point m (coarse q j k)))).
        assert (C : coarse q q k = coarse q (q - 1) l).
        { rewrite El. unfold coarse. rewrite map_map. apply map_ext. intros z. f_equal. lia. }
        rewrite C. apply HK; [apply coarse_node; [assumption|lia|assumption]|apply coarse_node;
          [assumption|lia|assumption]|].
        apply above_neighbours. rewrite <- C. clear -Hq.
        induction k as [|a k IH]; cbn [coarse map]; constructor; [|exact IH].
        right. rewrite Z.add_0_r. replace (a + Z.of_nat q)%Z with (a + 1 * Z.of_nat q)%Z by lia.
        apply Z.div_add; lia.
      - intros j _. do 3 f_equal. rewrite El. unfold coarse. rewrite map_map. apply map_ext. intros z. f_equal. lia. }
    (* one coordinate goes up: one of the q terms is not zero *)
    assert (One : forall j0, (j0 < q)%nat -> (forall j, (j < q)%nat -> above (coarse q j k) (coarse q j l) /\
        (j <> j0 -> coarse q j l = coarse q j k)) ->
      Rabs (sum q (fun j => r (point m (coarse q j l)) - r (point m (coarse q j k)))) <= K / INR m).
    { intros j0 Hj0 Hj. apply (sum_one q j0); [assumption|assumption|]. intros j Hjq. destruct (Hj j Hjq) as [A B].
      destruct (Nat.eqb_spec j j0) as [E|E]; [apply Edge; assumption|].
      rewrite (B E), Rminus_diag_eq, Rabs_R0 by reflexivity. lra. }
    assert (Hkl := proj1 (proj1 (nodes_spec d _ k) Hk)).
    destruct H as [|a b k l Hab H]; [apply All; reflexivity|].
    destruct H as [|a' b' k l Hab' H].
    - destruct Hab as [->| ->]; [|apply All; reflexivity].
      destruct (one_jump q a Hq) as (j0 & Hj0 & _). apply (One j0 Hj0). intros j _. split; [|reflexivity].
      repeat constructor; left; reflexivity.
    - destruct H; [|cbn [length] in Hkl; lia].
      destruct (one_jump q a Hq) as (j0 & Hj0 & J). destruct (one_jump q a' Hq) as (j0' & Hj0' & J').
      destruct Hab as [->| ->]; destruct Hab' as [->| ->]; [| | |apply All; reflexivity].
      + apply (One j0 Hj0). intros j _. split; [|reflexivity]. repeat constructor; left; reflexivity.
      + apply (One j0' Hj0'). intros j Hj. specialize (J' j Hj). cbn zeta in J'. unfold coarse; cbn [map]. rewrite J'.
        destruct (Nat.eqb_spec j j0'); (split; [repeat constructor; (left; reflexivity) || (right; reflexivity)|]);
          [congruence|reflexivity].
      + apply (One j0 Hj0). intros j Hj. specialize (J j Hj). cbn zeta in J. unfold coarse; cbn [map]. rewrite J.
        destruct (Nat.eqb_spec j j0); (split; [repeat constructor; (left; reflexivity) || (right; reflexivity)|]);
          [congruence|reflexivity]. }
  intros k l Hk Hl Hn.
  destruct (neighbours_above d k l) as [H|H]; [apply (nodes_spec d (q * m) k);
    assumption|apply (nodes_spec d (q * m) l); assumption|assumption| |].
  - apply Up; assumption.
  - rewrite Rabs_minus_sym. apply Up; assumption.
Qed.

(** ** All sweeps *)

(** [s] sweeps at the meshes 1/m, 1/(2m), 1/(4m), ..., each with the largest safe steps for what is left. *)
Fixpoint halved_sweeps (d m s : nat) (r : list R -> R) : list (nat * list (grade R)) :=
  match s with
  | O => []
  | S n => (m, erosion_sweep d m 1 r) :: halved_sweeps d (2 * m) n (left_over d r (erosion_sweep d m 1 r))
  end.

Lemma halved_sweeps_rate : forall d K s m r, (d <= 2)%nat -> (1 <= m)%nat -> 0 <= K -> linear d m r ->
  edge_slope d m K r ->
  erosion d r (halved_sweeps d m (S s) r) /\
  forall x, cube d x -> Rabs (left_over d r (grades (halved_sweeps d m (S s) r)) x) <= K / (INR m * 2 ^ s).
Proof.
  intros d K. induction s as [|s IH]; intros m r Hd Hm HK0 Hr HK;
    (assert (Hc : complete_sweep d m r (erosion_sweep d m 1 r))
      by (apply erosion_sweep_complete; [assumption|lia|rewrite Nat.mul_1_l; assumption]));
    destruct (edge_slopes_do_not_grow d m K r _ Hc Hr HK0 HK) as [HK' Hsup].
  - cbn [halved_sweeps erosion grades flat_map snd]. rewrite app_nil_r. split; [split; [apply Hc|exact I]|].
    intros x Hx. rewrite pow_O, Rmult_1_r. apply Hsup; assumption.
  - set (r' := left_over d r (erosion_sweep d m 1 r)) in *.
    assert (Hr' : linear d m r') by (apply left_over_linear; [apply Hc|assumption]).
    destruct (IH (2 * m)%nat r') as [He Hb]; [assumption|lia|assumption| | |].
    + apply linear_on_finer; [assumption|lia|assumption].
    + apply edge_slope_on_finer; [assumption|assumption|lia|assumption|assumption|assumption].
    + remember (S s) as n. cbn [halved_sweeps erosion grades flat_map snd]. fold r'.
      fold (grades (halved_sweeps d (2 * m) n r')).
      split; [split; [apply Hc|exact He]|].
      intros x Hx. rewrite left_over_app. fold r'. eapply Rle_trans; [apply Hb; assumption|]. right.
      rewrite mult_INR. subst n. simpl. field. split; [apply pow_nonzero; lra|apply not_0_INR; lia].
Qed.

(** For d = 1 and d = 2, every mesh 1/m, every s and every target f with |f| <= B that is linear on the Kuhn
    triangulation of mesh 1/m and K-Lipschitz for its gauge: after s+1 erosion sweeps at the meshes 1/m, 1/(2m), ...,
    1/(2^s m), the last readout of the multigrade network of all their grades is within K / (2^s m) of f on the
    whole cube. *)
Theorem multigrade_rate : forall d m s K B f, (1 <= d <= 2)%nat -> (1 <= m)%nat -> 0 <= K ->
  linear d m f -> lipschitz d K f -> (forall x, cube d x -> Rabs (f x) <= IZR B) ->
  let sweeps := halved_sweeps d m (S s) f in
  let network := multigrade IZR d B (grades sweeps) in
  erosion d f sweeps /\
  forall x, cube d x -> Rabs (f x - stage network (length (grades sweeps)) x) <= K / (INR m * 2 ^ s).
Proof.
  intros d m s K B f Hd Hm HK0 Hf HK HB sweeps n.
  destruct (halved_sweeps_rate d K s m f) as [He Hb]; [lia|assumption|assumption|assumption|apply lipschitz_edge;
    assumption|].
  split; [exact He|]. intros x Hx. unfold n.
  rewrite (stage_eval d B f) by (try assumption; try lia; apply HB; assumption). rewrite firstn_all.
  apply Hb; assumption.
Qed.
