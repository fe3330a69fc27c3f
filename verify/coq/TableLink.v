(** * A geometric network's table, cell by cell as it is checked

    [GeometricFloor.table] says what readout l is worth at a point, by cell numbers at every level; [table_value] runs
    through the cells of a grid. For fields that are given by a function of the cell number they are the same. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums GridBoxes BoxCheck Cells BitExtraction BitDecoder GeometricFloor.
Import ListNotations.
Local Open Scope R_scope.

(** A level whose fields are the values of a function: fields of [bits] bits, corrections lo + step * field. *)
Record level := Level { bits : nat; lo : Q; stride : Q; read : Z -> Z }.

(** Its fields, one for each of the cells. *)
Definition fields_of (read : Z -> Z) (cells : Z) : list Z := vec (Z.to_nat cells) (fun j => read (Z.of_nat j)).

(** What is stored for level t, with N^(d t) cells. *)
Definition stored_of (d N t : nat) (v : level) : stored :=
  Fields (bits v) (lo v) (stride v) (fields_of (read v) (grid N (t * d))).

(** All that is stored: the levels in a list, from level 1 on. *)
Definition store_of (d N : nat) (value0 : Q) (levels : list level) : store :=
  Store value0 (fun t => match nth_error levels (t - 1) with Some v => stored_of d N t v | None => Constant 0 end).

Definition level_ok (v : level) : Prop := (1 <= bits v)%nat /\ forall J, (0 <= read v J < base2 (bits v))%Z.

Lemma store_of_ok : forall d N value0 levels, (2 <= N)%nat -> Forall level_ok levels ->
  store_ok d N (length levels) (store_of d N value0 levels).
Proof.
  intros d N value0 levels HN H t Ht. unfold store_of; cbn [at_level].
  destruct (nth_error levels (t - 1)) as [v|] eqn:E; [|exact I].
  apply nth_error_In in E. rewrite Forall_forall in H. destruct (H v E) as [Hb Hr].
  unfold stored_of, stored_ok, fields_of. repeat split.
  - assumption.
  - rewrite vec_length, Z2Nat.id; [reflexivity|]. pose proof (grid_pos N (t * d) HN). lia.
  - apply Forall_map, Forall_forall. intros. apply Hr.
Qed.

(** ** Cells *)

Lemma number_first : forall d b k,
  (Cells.number (S d) b k = k 0%nat + b * Cells.number d b (fun i => k (S i)))%Z.
Proof.
  induction d; intros b k; [cbn [Cells.number]; change (Z.of_nat 0) with 0%Z; rewrite Z.pow_0_r; ring|].
  change (Cells.number (S (S d)) b k) with (Cells.number (S d) b k + b ^ Z.of_nat (S d) * k (S d))%Z.
  rewrite (IHd b k).
  change (Cells.number (S d) b (fun i => k (S i))) with (Cells.number d b (fun i => k (S i)) + b ^ Z.of_nat d * k (S d))%Z.
  rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. ring.
Qed.

Lemma number_list : forall b ks, BoxCheck.number b ks = Cells.number (length ks) b (fun i => nth i ks 0%Z).
Proof.
  intros b ks. induction ks as [|k ks IH]; [reflexivity|]. cbn [BoxCheck.number fold_right length].
  rewrite number_first. cbn [nth]. fold (BoxCheck.number b ks). rewrite IH. reflexivity.
Qed.

Lemma interval_of_cell : forall N t x, interval_of (grid N t) x = cell N t x.
Proof. intros. unfold interval_of, cell. rewrite grid_INR. reflexivity. Qed.

Lemma number_ext : forall d b k j, (forall i, (i < d)%nat -> k i = j i) -> Cells.number d b k = Cells.number d b j.
Proof. induction d; intros; cbn [Cells.number]; [reflexivity|]. rewrite (IHd b k j), H by auto with arith. reflexivity. Qed.

Lemma box_number : forall d N t x, cube d x ->
  BoxCheck.number (grid N t) (box_of (grid N t) x) = cell_number d N t x.
Proof.
  intros d N t x [Hl _]. rewrite number_list. unfold box_of, cell_number. rewrite map_length, Hl.
  apply number_ext. intros i Hi. rewrite <- interval_of_cell. unfold coord.
  rewrite nth_indep with (d' := interval_of (grid N t) 0) by (rewrite map_length; lia). apply map_nth.
Qed.

(** ** Tables *)

(** Level t as the check reads it. *)
Definition listed (N t : nat) (v : level) : stored_level := StoredLevel (grid N t) (lo v) (stride v) (read v).

(** Levels from number t on. *)
Fixpoint listed_from (N t : nat) (levels : list level) : list stored_level :=
  match levels with [] => [] | v :: finer => listed N t v :: listed_from N (S t) finer end.

Lemma listed_from_app : forall N a b t, listed_from N t (a ++ b) = listed_from N t a ++ listed_from N (t + length a) b.
Proof.
  induction a as [|v a IH]; intros b t; cbn [listed_from app length]; [rewrite Nat.add_0_r; reflexivity|].
  rewrite IH. do 3 f_equal. lia.
Qed.

Lemma firstn_snoc_error : forall A (l : list A) n a, nth_error l n = Some a -> firstn (S n) l = firstn n l ++ [a].
Proof.
  induction l as [|b l IH]; intros [|n] a H; cbn in H; try discriminate.
  - injection H as ->. reflexivity.
  - cbn [firstn app]. f_equal. apply IH. assumption.
Qed.

Lemma table_checked : forall d N value0 levels x, (2 <= N)%nat -> cube d x ->
  forall l, (l <= length levels)%nat ->
  table_value (Z.of_nat N) value0 (rev (listed_from N 1 (firstn l levels))) (box_of (grid N l) x) =
  Q2R (table d N (store_of d N value0 levels) l x).
Proof.
  intros d N value0 levels x HN Hx. induction l as [|l IH]; intros Hl; [reflexivity|].
  destruct (nth_error levels l) as [v|] eqn:E; [|apply nth_error_None in E; lia].
  rewrite (firstn_snoc_error _ levels l v E). rewrite listed_from_app, rev_app_distr, firstn_length_le by lia.
  cbn [listed_from rev app table_value table]. unfold store_of at 2; cbn [at_level].
  rewrite Nat.sub_succ, Nat.sub_0_r, E. cbn [stored_of stored_value].
  rewrite !Q2R_plus, Q2R_mult. unfold listed; cbn [cells low step field].
  change (1 + l)%nat with (S l).
  assert (C : map (fun k => (k / Z.of_nat N)%Z) (box_of (grid N (S l)) x) = box_of (grid N l) x).
  { rewrite grid_S, Z.mul_comm. apply box_of_coarser with d; [pose proof (grid_pos N l HN)| |assumption]; lia. }
  rewrite C, IH by lia. f_equal. f_equal. f_equal. rewrite box_number with (d := d) by assumption.
  pose proof (cell_number_range d N (S l) x HN Hx) as HJ.
  unfold fields_of. rewrite nth_vec by (apply Z2Nat.inj_lt; lia). rewrite Z2Nat.id by lia.
  unfold Q2R, inject_Z; simpl. field.
Qed.
