(** * Computing the means of Means.v by intervals, in the kernel

    Sums over all boxes of a grid of enclosures of |f - v|^p, v the value that a table has on the cell around the box,
    and of |f(x + s) - f(x)|^p over the boxes that stay in the cube. An interval sum holds the sum for every choice
    of points in the boxes, and so its ends are what Means.v asks for. *)

From Coq Require Import Reals QArith Qreals Qabs ZArith List Lia Lra.
From Interval Require Import Interval.Interval Eval.Tree Float.Basic Real.Xreal Float.Sig.
From Approxcert Require Import Sums GridBoxes BoxCheck Means.
Import ListNotations.
Local Open Scope R_scope.

(** ** Boxes moved by a shift *)

(** A shift in boxes of the grid with M boxes a side, and whether it is a whole number of them. *)
Definition steps_of (M : Z) (s : list Q) : list Z := map (fun q => (Qnum q * M / Zpos (Qden q))%Z) s.
Definition fits (M : Z) (s : list Q) : bool := forallb (fun q => ((Qnum q * M) mod Zpos (Qden q) =? 0)%Z) s.

Definition moved_box (steps ks : list Z) : list Z := map (fun a => (fst a + snd a)%Z) (combine ks steps).
Definition inside (M : Z) (ks : list Z) : bool := forallb (fun k => (0 <=? k)%Z && (k <? M)%Z) ks.

Lemma Forall2_same : forall A B (R : A -> B -> Prop) a b, Forall2 R a b -> length a = length b.
Proof. intros A B R a b H. induction H; cbn; congruence. Qed.

Lemma in_box_nth : forall M ks x, in_box M ks x <->
  length ks = length x /\ forall i, (i < length x)%nat -> in_interval M (nth i ks 0%Z) (coord i x).
Proof.
  intros M ks x. split.
  - intros H. split; [apply Forall2_same in H; assumption|].
    induction H; intros [|i] Hi; cbn in Hi; try lia; [assumption|]. apply IHForall2. lia.
  - revert ks. induction x as [|t x IH]; intros [|k ks] [Hl H]; try discriminate; constructor.
    + apply (H 0%nat). cbn. lia.
    + apply IH. split; [cbn in Hl; congruence|]. intros i Hi. apply (H (S i)). cbn. lia.
Qed.

Lemma steps_spec : forall M s i, (0 < M)%Z -> fits M s = true ->
  Q2R (nth i s 0%Q) = IZR (nth i (steps_of M s) 0%Z) / IZR M.
Proof.
  intros M s i HM H. assert (HR : 0 < IZR M) by (apply IZR_lt; assumption). revert i.
  induction s as [|q s IH]; intros [|i]; cbn [nth steps_of map]; try (unfold Q2R; simpl; field; lra).
  - cbn [fits forallb] in H. apply andb_prop in H. destruct H as [H _]. apply Z.eqb_eq in H.
    pose proof (Z.div_mod (Qnum q * M) (Zpos (Qden q)) ltac:(lia)) as E. rewrite H, Z.add_0_r in E.
    apply (f_equal IZR) in E. rewrite !mult_IZR in E. unfold Q2R.
    assert (HD : 0 < IZR (Zpos (Qden q))) by (apply IZR_lt; lia).
    apply Rmult_eq_reg_r with (IZR (Zpos (Qden q)) * IZR M); [|nra]. field_simplify; [|lra|lra]. lra.
  - apply IH. cbn [fits forallb] in H. apply andb_prop in H. tauto.
Qed.

Lemma nth_moved_box : forall steps ks i, length ks = length steps ->
  nth i (moved_box steps ks) 0%Z = (nth i ks 0 + nth i steps 0)%Z.
Proof.
  intros steps ks i H. unfold moved_box. change 0%Z with ((fun a => (fst a + snd a)%Z) (0%Z, 0%Z)) at 1.
  rewrite map_nth, combine_nth by assumption. reflexivity.
Qed.

Lemma moved_in_box : forall M s ks x, (0 < M)%Z -> fits M s = true -> length s = length x -> in_box M ks x ->
  in_box M (moved_box (steps_of M s) ks) (moved s x).
Proof.
  intros M s ks x HM Hf Hl Hb. apply in_box_nth in Hb. destruct Hb as [Hk Hb].
  assert (HR : 0 < IZR M) by (apply IZR_lt; assumption).
  assert (Hs : length ks = length (steps_of M s)) by (unfold steps_of; rewrite map_length; congruence).
  apply in_box_nth. unfold moved. rewrite vec_length. split.
  - unfold moved_box. rewrite map_length, combine_length. lia.
  - intros i Hi. rewrite nth_moved_box, coord_vec, (steps_spec M) by assumption.
    destruct (Hb i Hi) as [H0 H1]. unfold in_interval. rewrite plus_IZR. unfold Rdiv in *.
    rewrite !Rmult_plus_distr_r in *. lra.
Qed.

Lemma moved_inside : forall M d s x, (0 < M)%Z -> fits M s = true -> length s = d -> cube d x ->
  inside M (moved_box (steps_of M s) (box_of M x)) = true -> cube d (moved s x).
Proof.
  intros M d s x HM Hf Hl Hx Hi. destruct (box_of_spec M d x HM Hx) as (_ & _ & Hb). destruct Hx as [Hx _].
  apply (moved_in_box M s) in Hb; [|assumption|assumption|congruence]. apply in_box_nth in Hb.
  destruct Hb as [Hm Hb]. unfold moved in Hm, Hb |- *. rewrite vec_length in Hm, Hb.
  split; [rewrite vec_length; assumption|]. intros i Hid. rewrite <- Hx in Hid. specialize (Hb i Hid).
  unfold inside in Hi. rewrite forallb_forall in Hi.
  specialize (Hi _ (nth_In _ 0%Z (eq_ind_r (fun n => (i < n)%nat) Hid Hm))).
  apply andb_prop in Hi. destruct Hi as [H0 H1]. apply Z.leb_le in H0. apply Z.ltb_lt in H1.
  assert (HR : 0 < IZR M) by (apply IZR_lt; assumption).
  apply IZR_le in H0. assert (H2 : IZR (nth i (moved_box (steps_of M s) (box_of M x)) 0%Z) + 1 <= IZR M).
  { rewrite <- plus_IZR. apply IZR_le. lia. }
  destruct Hb as [B0 B1]. split.
  - eapply Rle_trans; [|exact B0]. apply Rle_mult_inv_pos; lra.
  - eapply Rle_trans; [exact B1|]. apply Rmult_le_reg_r with (IZR M); [assumption|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Module Make (I : IntervalOps).
Module B := BoxCheck.Make I.
Notation encloses := B.encloses.

Section Precision.
Variable prec : I.precision.

(** ** Sums and powers of intervals *)

Definition zero : I.type := B.of_Z prec 0.

(** [acc] and n summands, those of k, k + 1, ... *)
Fixpoint sum_from (n : nat) (k : Z) (h : Z -> I.type) (acc : I.type) : I.type :=
  match n with O => acc | S m => sum_from m (k + 1)%Z h (I.add prec acc (h k)) end.

Lemma sum_from_sound : forall n k h acc a g, encloses acc a ->
  (forall i, (i < n)%nat -> encloses (h (k + Z.of_nat i)%Z) (g i)) -> encloses (sum_from n k h acc) (a + sum n g).
Proof using.
  induction n; intros k h acc a g Ha H; cbn [sum_from]; [cbn [sum]; rewrite Rplus_0_r; assumption|].
  rewrite sum_first, <- Rplus_assoc. apply IHn.
  - apply B.add_sound; [assumption|]. rewrite <- (Z.add_0_r k). apply (H 0%nat). lia.
  - intros i Hi. replace (k + 1 + Z.of_nat i)%Z with (k + Z.of_nat (S i))%Z by lia. apply H. lia.
Qed.

Lemma sum_from_zero : forall n k h g, (forall i, (i < n)%nat -> encloses (h (k + Z.of_nat i)%Z) (g i)) ->
  encloses (sum_from n k h zero) (sum n g).
Proof using. intros. rewrite <- (Rplus_0_l (sum n g)). apply sum_from_sound; [apply B.of_Z_sound|assumption]. Qed.

(** Over all boxes of a grid, and over the parts of a box. *)
Fixpoint grid_sum (d : nat) (M : Z) (h : list Z -> I.type) : I.type :=
  match d with
  | O => h []
  | S d' => sum_from (Z.to_nat M) 0 (fun k => grid_sum d' M (fun ks => h (k :: ks))) zero
  end.
Fixpoint parts (q : Z) (ks : list Z) (h : list Z -> I.type) : I.type :=
  match ks with
  | [] => h []
  | k :: ks' => sum_from (Z.to_nat q) (q * k)%Z (fun j => parts q ks' (fun js => h (j :: js))) zero
  end.

Lemma grid_sum_sound : forall d M h g, (forall ks, on_grid d M ks -> encloses (h ks) (g ks)) ->
  encloses (grid_sum d M h) (box_sum d M g).
Proof using.
  induction d; intros M h g H; cbn [grid_sum box_sum]; [apply H; split; [reflexivity|constructor]|].
  apply sum_from_zero. intros k Hk. apply IHd. intros ks Hks. apply H. apply on_grid_cons; assumption.
Qed.

(** The boxes [js] are parts of the box [ks]. *)
Definition part_of (q : Z) : list Z -> list Z -> Prop := Forall2 (fun j k => (q * k <= j < q * k + q)%Z).

Lemma parts_sound : forall q ks h g, (0 <= q)%Z -> (forall js, part_of q js ks -> encloses (h js) (g js)) ->
  encloses (parts q ks h) (parts_sum q ks g).
Proof using.
  intros q ks h g Hq. revert h g. induction ks as [|k ks IH]; intros h g H; cbn [parts parts_sum].
  - apply H. constructor.
  - apply sum_from_zero. intros r Hr. apply IH. intros js Hjs. apply H. constructor; [lia|assumption].
Qed.

Lemma part_of_coarser : forall q ks js, (0 < q)%Z -> part_of q js ks -> map (fun j => (j / q)%Z) js = ks.
Proof using.
  intros q ks js Hq H. induction H; [reflexivity|]. cbn [map]. f_equal; [|assumption].
  symmetry. apply Z.div_unique_pos with (x - q * y)%Z; lia.
Qed.

Lemma part_of_grid : forall d M q ks js, (0 < q)%Z -> on_grid d M ks -> part_of q js ks -> on_grid d (M * q) js.
Proof using.
  intros d M q ks js Hq [Hl Hg] H. split; [apply Forall2_same in H; congruence|].
  clear Hl. induction H; constructor; inversion Hg; subst; [nia|apply IHForall2; assumption].
Qed.

Fixpoint power (p : nat) (x : I.type) : I.type := match p with O => B.of_Z prec 1 | S r => I.mul prec x (power r x) end.
Lemma power_sound : forall p xi x, encloses xi x -> encloses (power p xi) (x ^ p).
Proof using.
  intros p xi x H. induction p; cbn [power pow]; [apply B.of_Z_sound|]. apply B.mul_sound; assumption.
Qed.

Definition distance (p : nat) (a b : I.type) : I.type := power p (I.abs (I.sub prec a b)).
Lemma distance_sound : forall p a b x y, encloses a x -> encloses b y -> encloses (distance p a b) (Rabs (x - y) ^ p).
Proof using.
  intros p a b x y Ha Hb. apply power_sound. apply (B.T.unary_bnd_correct prec Abs _ (x - y)).
  apply (B.T.binary_bnd_correct prec Sub); assumption.
Qed.

(** ** The mean error of a table *)

(** [ranges M ks] encloses the values of f in the closed box ks of the grid with M boxes a side. *)
Definition encloses_in_boxes (d : nat) (f : list R -> R) (ranges : Z -> list Z -> I.type) : Prop :=
  forall M ks x, (0 < M)%Z -> cube d x -> in_box M ks x -> encloses (ranges M ks) (f x).

(** The value on a cell of the finest of some levels, the finest first. *)
Fixpoint cell_value (base : Z) (value0 : I.type) (levels : list B.ready_level) (ks : list Z) : I.type :=
  match levels with
  | [] => value0
  | s :: coarser =>
      I.add prec (cell_value base value0 coarser (map (fun k => (k / base)%Z) ks)) (B.correction prec s ks)
  end.

Lemma cell_value_sound : forall base value0 levels ks,
  encloses (cell_value base (B.of_Q prec value0) (map (B.ready prec) levels) ks) (table_value base value0 levels ks).
Proof using.
  intros base value0 levels. induction levels as [|s levels IH]; intros ks; cbn [cell_value map table_value].
  - apply B.of_Q_sound.
  - apply B.add_sound; [apply IH|apply B.correction_sound].
Qed.

(** The sum of |f - table|^p over the q^d parts of each of the M^d cells. *)
Definition error_sum (d p : nat) (M q : Z) (range value : list Z -> I.type) : I.type :=
  grid_sum d M (fun ks => let v := value ks in parts q ks (fun js => distance p (range js) v)).

Definition error_ok (d p : nat) (M q : Z) (range value : list Z -> I.type) (E : Q) : bool :=
  (0 <? M)%Z && (0 <? q)%Z &&
  B.at_most prec (error_sum d p M q range value) (B.of_Q prec (E * inject_Z ((M * q) ^ Z.of_nat d))).

Lemma error_ok_sound : forall d p M q f ranges value phi E, encloses_in_boxes d f ranges ->
  (forall x, cube d x -> encloses (value (box_of M x)) (phi x)) ->
  error_ok d p M q (ranges (M * q)%Z) value E = true -> mean_at_most d (fun x => Rabs (f x - phi x) ^ p) (Q2R E).
Proof using.
  intros d p M q f ranges value phi E Hf Hv H. unfold error_ok in H. apply andb_prop in H. destruct H as [H HE].
  apply andb_prop in H. destruct H as [HM Hq]. apply Z.ltb_lt in HM. apply Z.ltb_lt in Hq.
  assert (HP : (0 < M * q)%Z) by nia. exists (M * q)%Z. split; [assumption|]. intros xi Hxi.
  assert (HV : 0 < IZR (M * q) ^ d) by (apply pow_lt, IZR_lt; assumption).
  apply Rmult_le_reg_r with (IZR (M * q) ^ d); [assumption|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  replace (Q2R E * IZR (M * q) ^ d) with (Q2R (E * inject_Z ((M * q) ^ Z.of_nat d))).
  2:{ rewrite Q2R_mult, pow_IZR. f_equal. unfold Q2R, inject_Z; cbn [Qnum Qden]. field. }
  refine (B.at_most_sound prec _ _ _ _ _ (B.of_Q_sound prec _) HE). rewrite box_sum_parts by lia.
  apply grid_sum_sound. intros ks Hks. apply parts_sound; [lia|]. intros js Hjs.
  destruct (Hxi js (part_of_grid d M q ks js Hq Hks Hjs)) as [Hx Hj]. apply distance_sound.
  - apply Hf; [assumption|assumption|]. rewrite <- Hj at 1. apply (box_of_spec _ d); assumption.
  - rewrite <- (part_of_coarser q ks js Hq Hjs), <- Hj at 1.
    rewrite (box_of_coarser M q d _ HM Hq Hx). apply Hv. assumption.
Qed.

(** ** The modulus of continuity from below *)

(** The sum of |f(x + s) - f(x)|^p over the boxes that stay in the cube. *)
Definition moved_sum (d p : nat) (M : Z) (steps : list Z) (range : list Z -> I.type) : I.type :=
  grid_sum d M (fun ks => let js := moved_box steps ks in if inside M js then distance p (range js) (range ks) else zero).

Definition modulus_ok (d p : nat) (M : Z) (s : list Q) (range : list Z -> I.type) (m : Q) : bool :=
  (0 <? M)%Z && fits M s && (length s =? d)%nat &&
  B.at_most prec (B.of_Q prec (m * inject_Z (M ^ Z.of_nat d))) (moved_sum d p M (steps_of M s) range).

Lemma modulus_ok_sound : forall d p M s f ranges m, encloses_in_boxes d f ranges ->
  modulus_ok d p M s (ranges M) m = true -> moved_mean_at_least d s (fun x => Rabs (f (moved s x) - f x) ^ p) (Q2R m).
Proof using.
  intros d p M s f ranges m Hf H. unfold modulus_ok in H. apply andb_prop in H. destruct H as [H Hm].
  apply andb_prop in H. destruct H as [H Hl]. apply andb_prop in H. destruct H as [HM Hs].
  apply Z.ltb_lt in HM. apply Nat.eqb_eq in Hl.
  exists M, (fun ks => inside M (moved_box (steps_of M s) ks)). split; [assumption|]. split.
  - intros x Hx Hi. apply (moved_inside M d); assumption.
  - intros xi Hxi. assert (HV : 0 < IZR M ^ d) by (apply pow_lt, IZR_lt; assumption).
    apply Rmult_le_reg_r with (IZR M ^ d); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    replace (Q2R m * IZR M ^ d) with (Q2R (m * inject_Z (M ^ Z.of_nat d))).
    2:{ rewrite Q2R_mult, pow_IZR. f_equal. unfold Q2R, inject_Z; cbn [Qnum Qden]. field. }
    refine (B.at_most_sound prec _ _ _ _ (B.of_Q_sound prec _) _ Hm). apply grid_sum_sound. intros ks Hks.
    destruct (Hxi ks Hks) as [Hx Hk]. cbv zeta. destruct (inside M _) eqn:Hi; [|apply B.of_Z_sound].
    assert (Hb : in_box M ks (xi ks)) by (rewrite <- Hk at 1; apply (box_of_spec _ d); assumption).
    apply distance_sound; apply Hf; try assumption.
    + apply (moved_inside M d); try assumption. rewrite Hk. assumption.
    + apply moved_in_box; try assumption. rewrite Hl. symmetry. apply Hx.
Qed.

(** ** Expressions as targets: in boxes, and at rational points *)

Lemma expression_in_boxes : forall d e, encloses_in_boxes d (eval e) (B.expression_ranges prec e).
Proof using.
  intros d e M ks x HM _ Hb. apply B.enclosure_sound.
  induction Hb; cbn [map]; constructor; try assumption. apply B.interval_sound; assumption.
Qed.

(** [values x] encloses f at the rational point x. *)
Definition encloses_at_points (f : list R -> R) (values : list Q -> I.type) : Prop :=
  forall x, encloses (values x) (f (map Q2R x)).

Definition expression_values (e : expr) (x : list Q) : I.type := B.enclosure prec e (map (B.of_Q prec) x).

Lemma expression_at_points : forall e, encloses_at_points (eval e) (expression_values e).
Proof using.
  intros e x. apply B.enclosure_sound. induction x; cbn [map]; constructor; try assumption. apply B.of_Q_sound.
Qed.
End Precision.
End Make.
