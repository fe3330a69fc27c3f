(** * A certificate of a geometric network, checked by the kernel

    Data of a network of floor digits and bit decoders, as its certificate has it: the tables packed into machine
    integers. One boolean says that at every level |f - Phi_l| is at most the bound stated at every point of the
    closed cube; it is computed by the kernel, and here is proved what it means, about the network itself. *)

From Coq Require Import Uint63 PArray Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Levels Cells BitDecoder GeometricFloor GridBoxes BoxCheck TableLink Computing.
Import ListNotations.
Local Open Scope R_scope.

(** One level: fields of [b] bits, [per] of them in each word, and corrections lo + step * field. *)
Record level_data := LevelData { b : nat; per : int; words : array int; low_end : Q; step_size : Q }.

Definition level_of (v : level_data) : level :=
  Level (b v) (low_end v) (step_size v) (field_of (Uint63.of_Z (Z.of_nat (b v))) (per v) (words v)).

(** The certificate's network. *)
Definition data_network (d N : nat) (value0 : Q) (data : list level_data) : network Q :=
  geometric_floor d N (length data) (store_of d N value0 (map level_of data)).

(** Levels from number t on, each with its bound, to be seen on so many boxes a cell and axis. *)
Fixpoint bounded_from (N t : nat) (data : list level_data) (splits : list Z) (bounds : list Q) : list Check.bounded_level :=
  match data, splits, bounds with
  | v :: data', s :: splits', q :: bounds' =>
      Check.BoundedLevel (listed N t (level_of v)) s q :: bounded_from N (S t) data' splits' bounds'
  | _, _, _ => []
  end.

Definition bits_ok (v : level_data) : bool := (1 <=? b v)%nat && (b v <=? 62)%nat.

(** [ranges M] encloses the target on the boxes of the grid with M boxes a side. *)
Definition check_data (d N : nat) (ranges : Z -> list Z -> Intervals.type) (value0 : Q) (data : list level_data)
    (splits : list Z) (bounds : list Q) : bool :=
  match splits, bounds with
  | s :: splits', q :: bounds' =>
      (2 <=? N)%nat && (length data =? length splits')%nat && (length data =? length bounds')%nat &&
      forallb bits_ok data && Check.check precision d ranges (Z.of_nat N) value0 s q (bounded_from N 1 data splits' bounds')
  | _, _ => false
  end.

Lemma bits_shift : forall n, (n <= 62)%nat -> Uint63.to_Z (1 << Uint63.of_Z (Z.of_nat n))%uint63 = base2 n.
Proof.
  intros n Hn. rewrite Uint63.lsl_spec, Uint63.of_Z_spec. change (Uint63.to_Z 1) with 1%Z. rewrite Z.mul_1_l.
  assert (HW : (Z.of_nat n < Uint63.wB)%Z) by (unfold Uint63.wB; cbn; lia).
  rewrite (Z.mod_small (Z.of_nat n)) by lia. unfold base2. apply Z.mod_small. split; [apply Z.pow_nonneg; lia|].
  unfold Uint63.wB. apply Z.pow_lt_mono_r; cbn; lia.
Qed.

Lemma level_of_ok : forall v, bits_ok v = true -> level_ok (level_of v).
Proof.
  intros v H. apply andb_prop in H. destruct H as [H1 H2]. apply Nat.leb_le in H1. apply Nat.leb_le in H2.
  split; [assumption|]. intros J. cbn [level_of bits read]. rewrite <- bits_shift by assumption.
  apply field_of_range. rewrite bits_shift by assumption. pose proof (base2_pos (b v)). lia.
Qed.

Lemma bounded_from_spec : forall N data t splits bounds, length data = length splits -> length data = length bounds ->
  map Check.stored (bounded_from N t data splits bounds) = listed_from N t (map level_of data) /\
  map Check.bound (bounded_from N t data splits bounds) = bounds.
Proof.
  intros N. induction data as [|v data IH]; intros t [|s splits] [|q bounds] Hs Hb; try discriminate; [split; reflexivity|].
  injection Hs as Hs. injection Hb as Hb. destruct (IH (S t) splits bounds Hs Hb) as [E1 E2].
  cbn [bounded_from map listed_from Check.stored Check.bound]. rewrite E1, E2. split; reflexivity.
Qed.

(** The level in the middle of a list, and its cells a side. *)
Lemma listed_from_split : forall N data l v, nth_error data l = Some v ->
  listed_from N 1 data = listed_from N 1 (firstn l data) ++ listed N (S l) v :: listed_from N (S (S l)) (skipn (S l) data).
Proof.
  intros N data l v H. rewrite <- (firstn_skipn l data) at 1. rewrite listed_from_app.
  assert (Hl : (l < length data)%nat) by (apply nth_error_Some; rewrite H; discriminate).
  rewrite firstn_length_le by lia. f_equal.
  replace (skipn l data) with (v :: skipn (S l) data); [reflexivity|].
  revert data H Hl. induction l as [|l IH]; intros [|w data] H Hl; cbn in H |- *; try discriminate.
  - injection H as ->. reflexivity.
  - cbn in Hl. apply IH; [assumption|lia].
Qed.

Lemma app_inj_length : forall A (a b c e : list A), length a = length c -> a ++ b = c ++ e -> a = c /\ b = e.
Proof.
  induction a as [|x a IH]; intros b [|y c] e Hl H; try discriminate; [split; [reflexivity|exact H]|].
  injection Hl as Hl. injection H as -> H. destruct (IH _ _ _ Hl H) as [-> ->]. split; reflexivity.
Qed.

Lemma check_data_ok : forall d N ranges value0 data splits bounds,
  check_data d N ranges value0 data splits bounds = true ->
  (2 <= N)%nat /\ Forall level_ok (map level_of data).
Proof.
  intros d N ranges value0 data [|s splits] [|q bounds] H; try discriminate. cbn [check_data] in H.
  repeat (apply andb_prop in H; destruct H as [H ?]). split; [apply Nat.leb_le; assumption|].
  apply Forall_map, Forall_forall. intros v Hv. apply level_of_ok.
  match goal with F : forallb _ _ = true |- _ => rewrite forallb_forall in F; apply F; assumption end.
Qed.

(** If the kernel computes [true], then the network is well formed, of width at most 3d+4 and depth L+2, and at every
    point of the closed cube and every level l the readout differs from the target by at most the bound number l; for
    any target that comes with enclosures on boxes. *)
Theorem check_data_sound : forall d N f ranges value0 data splits bounds,
  Check.encloses_on_boxes d f ranges ->
  check_data d N ranges value0 data splits bounds = true ->
  let n := data_network d N value0 data in
  well_formed n /\ (width n <= 3 * d + 4)%nat /\ depth n = (length data + 2)%nat /\
  forall l x, (l <= length data)%nat -> cube d x -> Rabs (f x - Phi (real n) l x) <= Q2R (nth l bounds 0%Q).
Proof.
  intros d N f ranges value0 data splits bounds Hf H n.
  destruct (check_data_ok _ _ _ _ _ _ _ H) as [HN Hok].
  pose proof (store_of_ok d N value0 _ HN Hok) as Hs. rewrite map_length in Hs.
  destruct (geometric_floor_computes d N (length data) (store_of d N value0 (map level_of data)) HN Hs)
    as (W & Wd & D & _ & T).
  split; [exact W|]. split; [exact Wd|]. split; [exact D|].
  intros l x Hl Hx. unfold n, data_network. rewrite T by assumption.
  destruct splits as [|s splits]; [discriminate|]. destruct bounds as [|q bounds]; [discriminate|]. cbn [check_data] in H.
  apply andb_prop in H. destruct H as [H HC]. apply andb_prop in H. destruct H as [H _].
  apply andb_prop in H. destruct H as [H Hb]. apply andb_prop in H. destruct H as [_ Hsp].
  apply Nat.eqb_eq in Hb. apply Nat.eqb_eq in Hsp.
  destruct (Check.check_sound precision d f ranges _ _ _ _ _ Hf HC x Hx) as [H0 HL].
  destruct l as [|l]; [exact H0|]. cbn [nth].
  destruct (bounded_from_spec N data 1 splits bounds Hsp Hb) as [E1 E2].
  set (all := bounded_from N 1 data splits bounds) in *.
  assert (Hlen : length all = length data).
  { rewrite Hb, <- E2. symmetry. apply map_length. }
  destruct (nth_error all l) as [m|] eqn:Em; [|apply nth_error_None in Em; lia].
  destruct (nth_error_split all l Em) as (front & back & Eall & Hfront).
  specialize (HL front m back Eall).
  destruct (nth_error (map level_of data) l) as [v|] eqn:Ev;
    [|apply nth_error_None in Ev; rewrite map_length in Ev; lia].
  rewrite (listed_from_split N _ l v Ev), Eall, map_app in E1. cbn [map] in E1.
  assert (Hn : length (map Check.stored front) = length (listed_from N 1 (firstn l (map level_of data)))).
  { rewrite map_length, Hfront. clear -Hl. assert (G : forall k t, length (listed_from N t k) = length k).
    { induction k; intros; cbn; [reflexivity|]. f_equal. apply IHk. }
    rewrite G, firstn_length_le; [reflexivity|]. rewrite map_length. lia. }
  assert (Efront : map Check.stored front = listed_from N 1 (firstn l (map level_of data)) /\
                   Check.stored m = listed N (S l) v).
  { apply app_inj_length in E1; [|assumption]. destruct E1 as [A B]. injection B as B _. split; assumption. }
  destruct Efront as [Efront Em'].
  assert (Ebound : nth l bounds 0%Q = Check.bound m).
  { rewrite <- E2, Eall, map_app. cbn [map]. rewrite app_nth2; rewrite map_length; [|lia].
    replace (l - length front)%nat with 0%nat by lia. reflexivity. }
  rewrite Ebound, Em' in *. rewrite Efront in HL.
  rewrite <- (table_checked d N value0 (map level_of data) x HN Hx (S l)) by (rewrite map_length; lia).
  rewrite (firstn_snoc_error _ _ _ _ Ev), listed_from_app, rev_app_distr, firstn_length_le by (rewrite map_length; lia).
  exact HL.
Qed.
