(** * A certificate of a two-sine network, checked by the kernel

    The network of floor digits and two-sine decoders that a certificate holds, by the numbers mid, gamma and w of its
    levels. One boolean, computed by the kernel with intervals of many digits (w sin(1 + J) is large), says that at
    every level |f - Phi_l| is at most the bound stated at every point of the closed cube; here is proved what it
    means, about the network itself. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Interval Require Import Interval.Float_full Float.Specific_bigint Float.Specific_ops Eval.Tree.
From Approxcert Require Import Sums Network Levels Cells TwoSine GridBoxes BoxCheck TableLink.
Import ListNotations.
Local Open Scope R_scope.

(** Intervals of floats made of Coq's integers, of any precision. *)
Module LongFloats := SpecificFloat BigIntRadix2.
Module LongIntervals := FloatIntervalFull LongFloats.
Module Long := BoxCheck.Make LongIntervals.

(** One level: its numbers, on how many boxes a cell and axis the bound is to be seen, and the bound. *)
Record sine_level := SineLevel { numbers : sines; parts : Z; most : Q }.

(** Number t = 1, 2, ... of a list. *)
Definition sines_at (levels : list sine_level) (t : nat) : sines :=
  nth (t - 1) (map numbers levels) (Sines 0 0 0).

(** The certificate's network. *)
Definition listed_network (d N : nat) (v0 : Q) (levels : list sine_level) : network Q :=
  sine_network d N (length levels) v0 (sines_at levels).

Section Precision.
Variable prec : LongIntervals.precision.
Notation interval := LongIntervals.type.

(** mid + gamma sin(w sin(1 + J)). *)
Definition sine_interval (s : sines) (J : Z) : interval :=
  let inner := Long.T.unary_bnd prec Sin (LongIntervals.add prec (Long.of_Z prec 1) (Long.of_Z prec J)) in
  let outer := Long.T.unary_bnd prec Sin (LongIntervals.mul prec (Long.of_Z prec (weight s)) inner) in
  LongIntervals.add prec (Long.of_Q prec (mid s)) (LongIntervals.mul prec (Long.of_Q prec (gamma s)) outer).

Lemma sine_interval_sound : forall s J, Long.encloses (sine_interval s J) (sine_value s J).
Proof using.
  intros s J. unfold sine_interval, sine_value.
  apply Long.add_sound; [apply Long.of_Q_sound|]. apply Long.mul_sound; [apply Long.of_Q_sound|].
  apply (Long.T.unary_bnd_correct prec Sin _ (IZR (weight s) * sin (1 + IZR J))).
  apply Long.mul_sound; [apply Long.of_Z_sound|].
  apply (Long.T.unary_bnd_correct prec Sin _ (1 + IZR J)).
  apply Long.add_sound; apply Long.of_Z_sound.
Qed.

(** All cells below the cell [ks] of a grid with [side] cells a side, whose value is [v], level by level. *)
Fixpoint sines_below (base side : Z) (ranges : Z -> list Z -> interval) (levels : list sine_level) (ks : list Z)
    (v : interval) : bool :=
  match levels with
  | [] => true
  | b :: finer =>
      let range := ranges (side * base * parts b)%Z in
      let bound := Long.of_Q prec (most b) in
      (0 <? parts b)%Z && all_parts base ks (fun js =>
        let w := LongIntervals.add prec v (sine_interval (numbers b) (BoxCheck.number (side * base) js)) in
        if Long.cell_ok prec range (parts b) bound js w then sines_below base (side * base) ranges finer js w else false)
  end.

Definition check_sines (d N : nat) (ranges : Z -> list Z -> interval) (v0 : Q) (parts0 : Z) (most0 : Q)
    (levels : list sine_level) : bool :=
  let v := Long.of_Q prec v0 in
  let origin := repeat 0%Z d in
  (2 <=? N)%nat && (0 <? parts0)%Z &&
  Long.cell_ok prec (ranges (1 * parts0)%Z) parts0 (Long.of_Q prec most0) origin v &&
  sines_below (Z.of_nat N) 1 ranges levels origin v.

Lemma sines_below_sound : forall d N f ranges v0 s x, (2 <= N)%nat -> Long.encloses_on_boxes d f ranges -> cube d x ->
  forall levels l v, (forall i b, nth_error levels i = Some b -> s (l + 1 + i)%nat = numbers b) ->
  Long.encloses v (given d N v0 s l (cell_number d N l x)) ->
  sines_below (Z.of_nat N) (grid N l) ranges levels (box_of (grid N l) x) v = true ->
  forall i b, nth_error levels i = Some b ->
  Rabs (f x - given d N v0 s (l + 1 + i) (cell_number d N (l + 1 + i) x)) <= Q2R (most b).
Proof using.
  intros d N f ranges v0 s x HN Hf Hx. induction levels as [|b0 finer IH]; intros l v Hs Hv H i b Hb.
  - destruct i; discriminate.
  - cbn [sines_below] in H. cbn zeta in H. apply andb_prop in H. destruct H as [Hp H]. apply Z.ltb_lt in Hp.
    assert (Hside : (grid N l * Z.of_nat N)%Z = grid N (S l)) by (rewrite grid_S; ring). rewrite Hside in H.
    pose proof (grid_pos N l HN) as Hl. pose proof (grid_pos N (S l) HN) as HSl.
    rewrite <- Hside in H.
    pose proof (all_parts_of (grid N l) (Z.of_nat N) d x _ ltac:(lia) ltac:(lia) Hx H) as G. cbn beta zeta in G.
    rewrite Hside in G. rewrite (box_number d N (S l) x Hx) in G.
    destruct (Long.cell_ok _ _ _ _ _ _) eqn:Hcell; [|discriminate].
    assert (Hw : Long.encloses (LongIntervals.add prec v (sine_interval (numbers b0) (cell_number d N (S l) x)))
        (given d N v0 s (S l) (cell_number d N (S l) x))).
    { cbn [given]. rewrite parent_cell_number by assumption. apply Long.add_sound; [assumption|].
      rewrite <- (Hs 0%nat b0 eq_refl). replace (l + 1 + 0)%nat with (S l) by lia. apply sine_interval_sound. }
    destruct i as [|i].
    + injection Hb as <-. replace (l + 1 + 0)%nat with (S l) by lia.
      refine (Long.cell_ok_sound prec d f ranges (grid N (S l)) (parts b0) x (most b0) _ _ Hf _ Hp Hx Hw Hcell). lia.
    + replace (l + 1 + S i)%nat with (S l + 1 + i)%nat by lia.
      refine (IH (S l) _ _ Hw G i b Hb). intros j c Hj. replace (S l + 1 + j)%nat with (l + 1 + S j)%nat by lia.
      apply (Hs (S j) c Hj).
Qed.
End Precision.

(** If the kernel computes [true], at any precision, then the two-sine network is well formed, of width at most 3d+3
    and depth L+2, and at every point of the closed cube the readout of level 0 differs from the target by at most the
    bound of level 0, and that of every level l >= 1 by at most the bound of level l; for any target that comes with
    enclosures on boxes. *)
Theorem check_sines_sound : forall prec d N f ranges v0 parts0 most0 levels, Long.encloses_on_boxes d f ranges ->
  check_sines prec d N ranges v0 parts0 most0 levels = true ->
  let n := listed_network d N v0 levels in
  well_formed n /\ (width n <= 3 * d + 3)%nat /\ depth n = (length levels + 2)%nat /\
  forall l x, (l <= length levels)%nat -> cube d x ->
  Rabs (f x - Phi (real n) l x) <= Q2R (nth l (most0 :: map most levels) 0%Q).
Proof.
  intros prec d N f ranges v0 parts0 most0 levels Hf H n.
  unfold check_sines in H. cbn zeta in H. apply andb_prop in H. destruct H as [H Hbelow].
  apply andb_prop in H. destruct H as [H Hcell]. apply andb_prop in H. destruct H as [HN Hp].
  apply Nat.leb_le in HN. apply Z.ltb_lt in Hp.
  destruct (sine_network_size d N (length levels) v0 (sines_at levels)) as (W & D & B).
  split; [exact W|]. split; [exact B|]. split; [exact D|].
  intros l x Hl Hx. unfold n, listed_network. rewrite sine_network_computes by assumption.
  rewrite <- (Long.box_of_1 d x Hx) in Hcell, Hbelow.
  destruct l as [|l].
  - cbn [given nth].
    refine (Long.cell_ok_sound prec d f ranges 1 parts0 x most0 _ _ Hf _ Hp Hx (Long.of_Q_sound prec v0) Hcell). lia.
  - cbn [nth]. destruct (nth_error levels l) as [b|] eqn:E; [|apply nth_error_None in E; lia].
    rewrite (nth_error_nth _ _ _ (map_nth_error most l levels E)).
    change 1%Z with (grid N 0) in Hbelow.
    refine (sines_below_sound prec d N f ranges v0 (sines_at levels) x HN Hf Hx levels 0 _ _ _ Hbelow l b E).
    + intros i c Hc. unfold sines_at. replace (0 + 1 + i - 1)%nat with i by lia.
      exact (nth_error_nth _ _ _ (map_nth_error numbers i levels Hc)).
    + cbn [given]. apply Long.of_Q_sound.
Qed.
