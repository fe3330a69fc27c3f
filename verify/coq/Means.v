(** * Means of powers over the cube, from above and from below, without integrals

    The errors of the papers are norms in L^p: the p-th power of ||f - Phi||_p is the integral of |f - Phi|^p over the
    unit cube, and the modulus of continuity omega_p(f, t)^p is the supremum, over the shifts s with |s| <= t, of the
    integral of |f(x + s) - f(x)|^p over the x for which x and x + s lie in the cube. Here such integrals are bounded
    by sums over the boxes of a grid, of which every point of the cube lies in one ([GridBoxes.box_of]); a box has the
    volume M^-d. A bound of the sum for EVERY choice of one point in each box is a bound of the sum of the suprema
    over the boxes, which is an upper Darboux sum, and so of the upper integral (from below: of the infima, a lower
    Darboux sum, the lower integral); MeanIntegrals.v has the proof in one dimension. *)

From Coq Require Import Reals QArith Qreals Qabs ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums GridBoxes Cells.
Import ListNotations.
Local Open Scope R_scope.

(** The sum of h over the boxes (k_0, ..., k_(d-1)), 0 <= k_i < M. *)
Fixpoint box_sum (d : nat) (M : Z) (h : list Z -> R) : R :=
  match d with
  | O => h []
  | S d' => sum (Z.to_nat M) (fun k => box_sum d' M (fun ks => h (Z.of_nat k :: ks)))
  end.

(** The boxes of the grid with M boxes a side. *)
Definition on_grid (d : nat) (M : Z) (ks : list Z) : Prop := length ks = d /\ Forall (fun k => (0 <= k < M)%Z) ks.

(** [xi] chooses a point of the cube in each box. *)
Definition chosen (d : nat) (M : Z) (xi : list Z -> list R) : Prop :=
  forall ks, on_grid d M ks -> cube d (xi ks) /\ box_of M (xi ks) = ks.

(** On some grid the mean of g over any choice of one point in each box is at most E. So the integral of g over the
    cube is at most E. *)
Definition mean_at_most (d : nat) (g : list R -> R) (E : R) : Prop :=
  exists M, (0 < M)%Z /\ forall xi, chosen d M xi -> box_sum d M (fun ks => g (xi ks)) / IZR M ^ d <= E.

(** The point x + s. *)
Definition moved (s : list Q) (x : list R) : list R := vec (length x) (fun i => coord i x + Q2R (nth i s 0%Q)).

(** On some grid there are boxes, the [inner] ones, which lie in the cube when moved by s, such that for any choice of
    points the sum over the inner boxes, times their volume, is at least m. So for g >= 0 the integral of g over the x
    with x and x + s in the cube is at least m. *)
Definition moved_mean_at_least (d : nat) (s : list Q) (g : list R -> R) (m : R) : Prop :=
  exists M (inner : list Z -> bool), (0 < M)%Z /\
    (forall x, cube d x -> inner (box_of M x) = true -> cube d (moved s x)) /\
    forall xi, chosen d M xi -> m <= box_sum d M (fun ks => if inner ks then g (xi ks) else 0) / IZR M ^ d.

(** ** Which shifts the two moduli of continuity allow *)

(** Along one axis only ([Axis], the smaller modulus), or in any direction with Euclidean length ([Euclidean]). *)
Inductive modulus_kind := Axis | Euclidean.

(** The sum of the squares. *)
Definition square_length (s : list Q) : Q := fold_right (fun q sum => q * q + sum)%Q 0%Q s.

(** A shift that omega_p(f, t) allows. *)
Definition allowed (kind : modulus_kind) (d : nat) (t : Q) (s : list Q) : Prop :=
  length s = d /\
  match kind with
  | Axis => exists i, (Qabs (nth i s 0) <= t)%Q /\ forall j, j <> i -> (nth j s 0 == 0)%Q
  | Euclidean => (square_length s <= t * t)%Q
  end.

(** The side N^-l of the cells of level l. *)
Definition side (N l : nat) : Q := 1 # Z.to_pos (grid N l).

(** ** Sums over boxes *)

Lemma on_grid_cons : forall d M k ks, (k < Z.to_nat M)%nat -> on_grid d M ks -> on_grid (S d) M (Z.of_nat k :: ks).
Proof. intros d M k ks Hk [Hl Hg]. split; [simpl; congruence|]. constructor; [lia|assumption]. Qed.

Lemma box_sum_ext : forall d M g h, (forall ks, on_grid d M ks -> g ks = h ks) -> box_sum d M g = box_sum d M h.
Proof.
  induction d; intros M g h H; cbn [box_sum]; [apply H; split; [reflexivity|constructor]|].
  apply sum_ext. intros k Hk. apply IHd. intros ks Hks. apply H. apply on_grid_cons; assumption.
Qed.

Lemma sum_add : forall a b z, sum (a + b) z = sum a z + sum b (fun r => z (a + r)%nat).
Proof.
  intros a b z. induction b; [rewrite Nat.add_0_r; simpl; lra|].
  rewrite Nat.add_succ_r. cbn [sum]. rewrite IHb. lra.
Qed.

Lemma sum_blocks : forall b a z, sum (a * b) z = sum a (fun k => sum b (fun r => z (b * k + r)%nat)).
Proof.
  intros b a z. induction a; [reflexivity|]. replace (S a * b)%nat with (a * b + b)%nat by lia.
  rewrite sum_add, IHa. cbn [sum]. f_equal. apply sum_ext. intros. f_equal. lia.
Qed.

Lemma sum_swap : forall a b z, sum a (fun k => sum b (z k)) = sum b (fun r => sum a (fun k => z k r)).
Proof.
  intros a b z. induction a; cbn [sum]; [rewrite sum_const; lra|]. rewrite IHa, <- sum_plus. reflexivity.
Qed.

Lemma box_sum_swap : forall d M n g, sum n (fun r => box_sum d M (g r)) = box_sum d M (fun ks => sum n (fun r => g r ks)).
Proof.
  induction d; intros M n g; cbn [box_sum]; [reflexivity|].
  rewrite sum_swap. apply sum_ext. intros k _. apply IHd.
Qed.

(** The sum over the q^d parts of the box [ks]. *)
Fixpoint parts_sum (q : Z) (ks : list Z) (g : list Z -> R) : R :=
  match ks with
  | [] => g []
  | k :: ks' => sum (Z.to_nat q) (fun r => parts_sum q ks' (fun js => g ((q * k + Z.of_nat r)%Z :: js)))
  end.

(** On a finer grid: box by box of the coarser one. *)
Lemma box_sum_parts : forall q M, (0 <= M)%Z -> (0 <= q)%Z -> forall d g,
  box_sum d (M * q) g = box_sum d M (fun ks => parts_sum q ks g).
Proof.
  intros q M HM Hq. induction d; intros g; [reflexivity|]. cbn [box_sum parts_sum].
  rewrite Z2Nat.inj_mul, sum_blocks by assumption. apply sum_ext. intros k _.
  rewrite <- box_sum_swap. apply sum_ext. intros r _. rewrite IHd. apply box_sum_ext. intros ks _.
  f_equal. rewrite Nat2Z.inj_add, Nat2Z.inj_mul, Z2Nat.id by assumption. reflexivity.
Qed.

(** ** Points *)

(** There are such choices: the least corner of each box is one. So what is said of all choices is not void. *)
Lemma corners_chosen : forall d M, (0 < M)%Z -> chosen d M (map (fun k => IZR k / IZR M)).
Proof.
  intros d M HM ks [Hl Hg]. assert (HR : 0 < IZR M) by (apply IZR_lt; assumption).
  assert (HI : forall k, (0 <= k < M)%Z -> 0 <= IZR k / IZR M < 1).
  { intros k [H0 H1]. apply IZR_le in H0. apply IZR_lt in H1. split; [apply Rle_mult_inv_pos; assumption|].
    apply Rmult_lt_reg_r with (IZR M); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra. }
  rewrite Forall_forall in Hg. split.
  - split; [rewrite map_length; assumption|]. intros i Hi. unfold coord.
    rewrite nth_indep with (d' := IZR 0 / IZR M) by (rewrite map_length; lia).
    rewrite (map_nth (fun k => IZR k / IZR M)). rewrite <- Hl in Hi.
    specialize (HI _ (Hg _ (nth_In ks 0%Z Hi))). lra.
  - unfold box_of. rewrite map_map. etransitivity; [|apply map_id]. apply map_ext_in. intros k Hk.
    specialize (HI k (Hg k Hk)). unfold interval_of. rewrite (Zfloor_imp 0 (IZR k / IZR M)) by (simpl; lra).
    replace (IZR M * (IZR k / IZR M)) with (IZR k) by (field; lra). rewrite Zfloor_IZR. lia.
Qed.

Lemma moved_rational : forall s x, length s = length x ->
  moved s (map Q2R x) = map Q2R (map (fun a => (fst a + snd a)%Q) (combine x s)).
Proof.
  intros s x H. apply nth_ext with (d := 0) (d' := 0); unfold moved; rewrite vec_length, !map_length;
    [rewrite combine_length; lia|].
  intros i Hi. rewrite nth_vec by assumption. unfold coord.
  rewrite nth_indep with (d' := Q2R 0) by (rewrite map_length; lia). rewrite map_nth.
  rewrite map_map, nth_indep with (d' := Q2R (0 + 0)) (n := i) by (rewrite map_length, combine_length; lia).
  rewrite (map_nth (fun a => Q2R (fst a + snd a)) (combine x s) (0%Q, 0%Q)), combine_nth by congruence.
  symmetry. apply Q2R_plus.
Qed.
