(** * Functions linear on a Kuhn triangulation, as targets: their exact ranges on boxes

    A function that is linear on every simplex of the Kuhn triangulation of mesh 1/m is given by its values at the
    nodes: it is their combination with the hats (verify/CERTIFICATE.md, 4.1; docs/multigrade.md). On a box of a grid
    that is q times finer its values lie between the least and the largest one at the box's corners, and these are
    means of q nodal values (HatRefinement.v): integers and one division, no rounding. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Totals KuhnHat HatPartition ErosionRate HatRefinement GridBoxes.
Import ListNotations.
Local Open Scope R_scope.

(** The function with the value v(k) at the node k/m. *)
Definition kuhn (d m : nat) (v : list Z -> R) (x : list R) : R := total (nodes d m) (fun k => hat d m k x * v k).

Lemma kuhn_at_node : forall d m v k, (1 <= m)%nat -> In k (nodes d m) -> kuhn d m v (point m k) = v k.
Proof.
  intros d m v k Hm Hk. unfold kuhn. rewrite (total_single _ _ k).
  - destruct (hat_values d m k Hm (proj1 (proj1 (nodes_spec d m k) Hk))) as (_ & -> & _). ring.
  - apply nodes_once.
  - assumption.
  - intros l Hl Hne. destruct (hat_values d m l Hm (proj1 (proj1 (nodes_spec d m l) Hl))) as (_ & _ & H & _).
    rewrite H; [ring| |congruence]. apply (nodes_spec d m k). assumption.
Qed.

Lemma kuhn_linear : forall d m v, (1 <= m)%nat -> linear d m (kuhn d m v).
Proof.
  intros d m v Hm x Hx. unfold kuhn at 1. apply total_ext. intros k Hk. rewrite kuhn_at_node by assumption. reflexivity.
Qed.

(** ** Corners of a box *)

(** The nodes next to the box [js]. *)
Fixpoint corners (js : list Z) : list (list Z) :=
  match js with [] => [[]] | j :: js' => let c := corners js' in map (cons j) c ++ map (cons (j + 1)%Z) c end.

Lemma corners_spec : forall js l, Forall2 (fun j z => z = j \/ z = (j + 1)%Z) js l -> In l (corners js).
Proof.
  induction 1 as [|j z js l [->| ->] H IH]; cbn [corners]; [left; reflexivity| |]; apply in_or_app.
  - left. apply in_map. assumption.
  - right. apply in_map. assumption.
Qed.

(** Hats of other nodes vanish on the box. *)
Lemma near_corner : forall d m js l x, (1 <= m)%nat -> In l (nodes d m) -> in_box (Z.of_nat m) js x -> length x = d ->
  0 < hat d m l x -> In l (corners js).
Proof.
  intros d m js l x Hm Hl Hb Hx Hh. apply corners_spec.
  destruct (nodes_spec d m l) as [Hn _]. destruct (Hn Hl) as [Hlen _].
  destruct (hat_values d m l Hm Hlen) as (_ & _ & _ & H). destruct (H x Hh) as [_ Hi]. clear H Hn Hl Hh.
  assert (HM : 1 <= INR m) by (apply le_INR in Hm; simpl in Hm; lra).
  assert (G : forall i, (i < d)%nat -> Rabs (INR m * coord i x - IZR (nth i l 0%Z)) < 1).
  { intros i Hid. specialize (Hi i Hid). rewrite coord_point in Hi.
    replace (INR m * coord i x - IZR (nth i l 0%Z)) with (INR m * (coord i x - IZR (nth i l 0%Z) / INR m)) by (field; lra).
    rewrite Rabs_mult, (Rabs_pos_eq (INR m)) by lra.
    apply Rmult_lt_reg_l with (/ INR m); [apply Rinv_0_lt_compat; lra|].
    rewrite <- Rmult_assoc, Rinv_l, Rmult_1_l by lra. unfold Rdiv in Hi. rewrite Rmult_1_l in Hi. lra. }
  clear Hi. revert d l Hlen Hx G. induction Hb as [|j t js x [H0 H1] Hb IH]; intros d l Hlen Hx G.
  - cbn in Hx. subst d. destruct l; [constructor|discriminate].
  - destruct l as [|z l]; [cbn in Hx, Hlen; lia|]. constructor.
    + specialize (G 0%nat). cbn [nth coord] in G. unfold coord in G; cbn [nth] in G. cbn in Hlen.
      specialize (G ltac:(lia)). apply Rabs_def2 in G. destruct G as [G1 G2].
      rewrite <- INR_IZR_INZ in H0, H1.
      assert (B0 : IZR j <= INR m * t) by (apply Rmult_le_compat_l with (r := INR m) in H0; [|lra];
        replace (INR m * (IZR j / INR m)) with (IZR j) in H0 by (field; lra); lra).
      assert (B1 : INR m * t <= IZR j + 1) by (apply Rmult_le_compat_l with (r := INR m) in H1; [|lra];
        replace (INR m * ((IZR j + 1) / INR m)) with (IZR j + 1) in H1 by (field; lra); lra).
      assert (C0 : (j - 1 < z)%Z) by (apply lt_IZR; rewrite minus_IZR; lra).
      assert (C1 : (z < j + 2)%Z) by (apply lt_IZR; rewrite plus_IZR; lra). lia.
    + apply (IH (length l) l eq_refl).
      * cbn in Hx, Hlen. lia.
      * intros i Hi'. cbn in Hlen. specialize (G (S i) ltac:(lia)). exact G.
Qed.

(** A function linear on the triangulation of mesh 1/m lies, on a box of that grid, between bounds of its values at
    the corners. *)
Lemma linear_on_box : forall d m r js x lo hi, (1 <= m)%nat -> linear d m r -> cube d x -> in_box (Z.of_nat m) js x ->
  (forall l, In l (corners js) -> In l (nodes d m) -> lo <= r (point m l) <= hi) -> lo <= r x <= hi.
Proof.
  intros d m r js x lo hi Hm Hr Hx Hb H. pose proof (partition_of_unity d m x Hm Hx) as P. rewrite (Hr x Hx).
  assert (A : forall c, total (nodes d m) (fun k => c * hat d m k x) = c).
  { intros c. rewrite total_scale, P. ring. }
  split; [rewrite <- (A lo)|rewrite <- (A hi)]; apply total_le; intros k Hk;
    pose proof (hat_range d m k x) as [[Hpos|Hz] _]; try (rewrite <- Hz; lra);
    pose proof (H k (near_corner d m js k x Hm Hk Hb (proj1 Hx) Hpos) Hk); nra.
Qed.

(** ** Ranges in integers *)

(** The sum of v over the q coarse nodes that a fine node is the mean of. *)
Fixpoint mean_sum (v : list Z -> Z) (q j : nat) (l : list Z) : Z :=
  match j with O => 0%Z | S i => (mean_sum v q i l + v (coarse q i l))%Z end.

Lemma mean_sum_sum : forall v q j l, IZR (mean_sum v q j l) = sum j (fun i => IZR (v (coarse q i l))).
Proof. induction j; intros; cbn [mean_sum sum]; [reflexivity|]. rewrite plus_IZR, IHj. reflexivity. Qed.

(** The least and the largest of some integers. *)
Definition extremes (first : Z) (others : list Z) : Z * Z :=
  fold_left (fun e z => (Z.min (fst e) z, Z.max (snd e) z)) others (first, first).

Lemma extremes_spec : forall others first z, z = first \/ In z others ->
  (fst (extremes first others) <= z <= snd (extremes first others))%Z.
Proof.
  assert (G : forall others e, (fst e <= snd e)%Z ->
    let r := fold_left (fun e z => (Z.min (fst e) z, Z.max (snd e) z)) others e in
    (fst r <= fst e)%Z /\ (snd e <= snd r)%Z /\ forall z, In z others -> (fst r <= z <= snd r)%Z).
  { induction others as [|a others IH]; intros e He r; [cbn in r; subst r; split; [lia|split; [lia|intros ? []]]|].
    destruct (IH (Z.min (fst e) a, Z.max (snd e) a)) as (A & B & C); [cbn [fst snd]; lia|].
    cbn [fst snd] in A, B. subst r. cbn [fold_left]. split; [lia|split; [lia|]].
    intros z [<-|H]; [lia|apply C; assumption]. }
  intros others first z Hz. unfold extremes. destruct (G others (first, first) (Z.le_refl _)) as (A & B & C).
  cbn [fst snd] in A, B. destruct Hz as [->|Hz]; [lia|apply C; assumption].
Qed.

(** The range on the box [js] of the grid with q m boxes a side, over the denominator q: from the nodal values'
    numerators. *)
Definition box_range (v : list Z -> Z) (q : nat) (js : list Z) : Z * Z :=
  extremes (mean_sum v q q js) (map (mean_sum v q q) (corners js)).

Lemma box_range_sound : forall d m q v D x, (1 <= m)%nat -> (1 <= q)%nat -> cube d x ->
  let f := kuhn d m (fun k => IZR (v k) / IZR (Zpos D)) in
  let js := box_of (Z.of_nat (q * m)) x in
  Q2R (fst (box_range v q js) # (Pos.of_nat q * D)) <= f x <= Q2R (snd (box_range v q js) # (Pos.of_nat q * D)).
Proof.
  intros d m q v D x Hm Hq Hx f js.
  assert (HM : (0 < Z.of_nat (q * m))%Z) by nia.
  destruct (box_of_spec _ d x HM Hx) as (_ & _ & Hb). fold js in Hb.
  assert (Hq' : 0 < INR q) by (apply lt_0_INR; lia). assert (HD : 0 < IZR (Zpos D)) by (apply IZR_lt; lia).
  assert (HQ : forall z, Q2R (z # (Pos.of_nat q * D)) = IZR z / (INR q * IZR (Zpos D))).
  { intros z. unfold Q2R; cbn [Qnum Qden]. rewrite Pos2Z.inj_mul, mult_IZR.
    replace (IZR (Zpos (Pos.of_nat q))) with (INR q); [reflexivity|].
    rewrite INR_IZR_INZ. f_equal. rewrite <- positive_nat_Z, Nat2Pos.id by lia. reflexivity. }
  rewrite !HQ. apply (linear_on_box d (q * m) f js); [nia| |assumption|assumption|].
  - apply linear_on_finer; [assumption|assumption|]. apply kuhn_linear. assumption.
  - intros l Hl Hn.
    pose proof (value_at_fine_node d m q f l Hm Hq (kuhn_linear d m _ Hm) Hn) as E.
    assert (E' : f (point (q * m) l) = IZR (mean_sum v q q l) / (INR q * IZR (Zpos D))).
    { rewrite mean_sum_sum. apply Rmult_eq_reg_l with (INR q); [|lra]. rewrite E.
      rewrite (sum_ext q _ (fun j => / IZR (Zpos D) * IZR (v (coarse q j l)))).
      - rewrite sum_scale. field. lra.
      - intros j Hj. unfold f. rewrite kuhn_at_node; [field; lra|assumption|]. apply coarse_node; assumption. }
    rewrite E'. destruct (extremes_spec (map (mean_sum v q q) (corners js)) (mean_sum v q q js) (mean_sum v q q l)) as [A B].
    { right. apply in_map. assumption. }
    fold (box_range v q js) in A, B.
    assert (HI : 0 < / (INR q * IZR (Zpos D))) by (apply Rinv_0_lt_compat; nra).
    split; apply Rmult_le_compat_r; try lra; apply IZR_le; assumption.
Qed.
