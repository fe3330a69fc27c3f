(** * Boxes of a grid, and running through all of them

    The closed cube [0,1]^d is cut into M^d closed boxes; box k = (k_0, ..., k_(d-1)) is the product of the intervals
    [k_i/M, (k_i+1)/M]. Every point lies in the box of its [box_of]; a box of a coarser grid holds whole boxes of a
    finer one. Loops over the parts of a box that give a boolean, and what follows when they are through. *)

From Coq Require Import Reals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums.
Import ListNotations.
Local Open Scope R_scope.

(** The number of the interval of length 1/M that holds t in [0,1]; the last one holds 1. *)
Definition interval_of (M : Z) (t : R) : Z := (Zfloor (IZR M * t) - Zfloor t)%Z.

(** The box that holds a point. *)
Definition box_of (M : Z) (x : list R) : list Z := map (interval_of M) x.

(** Closed intervals and closed boxes. *)
Definition in_interval (M k : Z) (t : R) : Prop := IZR k / IZR M <= t <= (IZR k + 1) / IZR M.
Definition in_box (M : Z) : list Z -> list R -> Prop := Forall2 (in_interval M).

Lemma Zfloor_unit : forall t, 0 <= t <= 1 -> (t < 1 /\ Zfloor t = 0%Z) \/ (t = 1 /\ Zfloor t = 1%Z).
Proof.
  intros t [H0 H1]. destruct (Rle_lt_or_eq_dec _ _ H1) as [H|H]; [left|right]; split; try assumption.
  - apply Zfloor_imp. simpl. lra.
  - rewrite H. apply (Zfloor_IZR 1).
Qed.

Lemma interval_of_spec : forall M t, (0 < M)%Z -> 0 <= t <= 1 ->
  (0 <= interval_of M t < M)%Z /\ in_interval M (interval_of M t) t.
Proof.
  intros M t HM Ht. assert (HR : 0 < IZR M) by (apply IZR_lt; assumption).
  assert (HI : forall k, IZR k <= IZR M * t <= IZR k + 1 -> in_interval M k t).
  { intros k Hk. split; apply Rmult_le_reg_l with (IZR M); try assumption.
    - replace (IZR M * (IZR k / IZR M)) with (IZR k) by (field; lra). lra.
    - replace (IZR M * ((IZR k + 1) / IZR M)) with (IZR k + 1) by (field; lra). lra. }
  unfold interval_of. destruct (Zfloor_unit t Ht) as [[H1 ->]|[-> ->]].
  - rewrite Z.sub_0_r. pose proof (Zfloor_lb (IZR M * t)) as L. pose proof (Zfloor_ub (IZR M * t)) as U.
    split; [|apply HI; lra]. split.
    + apply Zfloor_lub. simpl. apply Rmult_le_pos; lra.
    + apply lt_IZR. apply Rle_lt_trans with (1 := L). rewrite <- (Rmult_1_r (IZR M)) at 2.
      apply Rmult_lt_compat_l; assumption.
  - rewrite Rmult_1_r, Zfloor_IZR. split; [lia|]. apply HI. rewrite Rmult_1_r, minus_IZR. lra.
Qed.

(** The interval of a coarser grid is found by division. *)
Lemma interval_of_coarser : forall M q t, (0 < M)%Z -> (0 < q)%Z -> 0 <= t <= 1 ->
  (interval_of (M * q) t / q = interval_of M t)%Z.
Proof.
  intros M q t HM Hq Ht. assert (HR : 0 < IZR q) by (apply IZR_lt; assumption).
  unfold interval_of. destruct (Zfloor_unit t Ht) as [[H1 ->]|[-> ->]].
  - rewrite !Z.sub_0_r. symmetry. apply Zfloor_imp.
    set (F := Zfloor (IZR (M * q) * t)).
    pose proof (Zfloor_lb (IZR (M * q) * t)) as L. pose proof (Zfloor_ub (IZR (M * q) * t)) as U. fold F in L, U.
    rewrite mult_IZR in L, U.
    pose proof (Z.div_mod F q ltac:(lia)) as E. pose proof (Z.mod_pos_bound F q Hq) as B.
    assert (E1 : IZR F = IZR q * IZR (F / q) + IZR (F mod q)) by (rewrite <- mult_IZR, <- plus_IZR; f_equal; exact E).
    assert (B0 : 0 <= IZR (F mod q)) by (apply IZR_le; lia).
    assert (B1 : IZR (F mod q) <= IZR q - 1) by (rewrite <- minus_IZR; apply IZR_le; lia).
    rewrite plus_IZR. split.
    + apply Rmult_le_reg_l with (IZR q); [assumption|]. nra.
    + apply Rmult_lt_reg_l with (IZR q); [assumption|]. nra.
  - rewrite !Rmult_1_r, !Zfloor_IZR.
    rewrite <- (Z.div_unique_pos (M * q - 1) q (M - 1) (q - 1)); nia.
Qed.

Lemma box_of_spec : forall M d x, (0 < M)%Z -> cube d x ->
  length (box_of M x) = d /\ Forall (fun k => (0 <= k < M)%Z) (box_of M x) /\ in_box M (box_of M x) x.
Proof.
  intros M d x HM [Hl Hx]. split; [unfold box_of; rewrite map_length; assumption|].
  assert (A : Forall (fun t => 0 <= t <= 1) x).
  { apply Forall_forall. intros t Ht. apply In_nth with (d := 0) in Ht. destruct Ht as (i & Hi & <-).
    apply (Hx i). lia. }
  clear Hl Hx. split; induction A as [|t x Ht A IH]; simpl; constructor; try assumption;
    apply interval_of_spec; assumption.
Qed.

Lemma box_of_coarser : forall M q d x, (0 < M)%Z -> (0 < q)%Z -> cube d x ->
  map (fun k => (k / q)%Z) (box_of (M * q) x) = box_of M x.
Proof.
  intros M q d x HM Hq [Hl Hx]. unfold box_of. rewrite map_map. apply map_ext_in. intros t Ht.
  apply In_nth with (d := 0) in Ht. destruct Ht as (i & Hi & <-).
  apply interval_of_coarser; try assumption. apply (Hx i). lia.
Qed.

(** ** Loops *)

(** [check k] for the numbers from [k] on, [n] of them, until one fails. *)
Fixpoint all_from (n : nat) (k : Z) (check : Z -> bool) : bool :=
  match n with O => true | S m => if check k then all_from m (k + 1)%Z check else false end.

Lemma all_from_true : forall n k check, all_from n k check = true ->
  forall i, (k <= i < k + Z.of_nat n)%Z -> check i = true.
Proof.
  induction n; intros k check H i Hi; [lia|]. cbn [all_from] in H. destruct (check k) eqn:E; [|discriminate].
  destruct (Z.eq_dec i k) as [->|Hne]; [assumption|]. apply (IHn (k + 1)%Z); [assumption|lia].
Qed.

(** [check] on all boxes of a grid that is [n] times finer which lie in the box [ks]. *)
Fixpoint all_parts (n : Z) (ks : list Z) (check : list Z -> bool) : bool :=
  match ks with
  | [] => check []
  | k :: ks' => all_from (Z.to_nat n) (n * k) (fun j => all_parts n ks' (fun js => check (j :: js)))
  end.

Lemma all_parts_true : forall n ks check, (0 < n)%Z -> all_parts n ks check = true ->
  forall js, map (fun j => (j / n)%Z) js = ks -> check js = true.
Proof.
  intros n ks check Hn. revert check. induction ks as [|k ks IH]; intros check H js Hj.
  - destruct js; [exact H|discriminate].
  - destruct js as [|j js]; [discriminate|]. cbn [map] in Hj. injection Hj as Hk Hj. cbn [all_parts] in H.
    assert (B : (n * k <= j < n * k + Z.of_nat (Z.to_nat n))%Z).
    { rewrite Z2Nat.id by lia. rewrite <- Hk. pose proof (Z.div_mod j n ltac:(lia)).
      pose proof (Z.mod_pos_bound j n Hn). lia. }
    pose proof (all_from_true _ _ _ H j B) as Hc. cbn beta in Hc.
    exact (IH (fun js => check (j :: js)) Hc js Hj).
Qed.

(** Those of the box that holds a point. *)
Lemma all_parts_of : forall M n d x check, (0 < M)%Z -> (0 < n)%Z -> cube d x ->
  all_parts n (box_of M x) check = true -> check (box_of (M * n) x) = true.
Proof. intros M n d x check HM Hn Hx H. apply (all_parts_true n _ check Hn H). apply box_of_coarser with d; assumption. Qed.
