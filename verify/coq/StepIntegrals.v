(** * Step functions of real variables, and their integrals

    The sums of StepFunctions.v are integrals: the step function with table [v] is a function on the cube, its
    integral there (iterated Riemann integrals) is the mean of the table, and this holds also for the shift of
    a step function by any real number, whose table is that of two shifts by fine cells. *)

From Coq Require Import Reals ZArith List Arith Lia Lra.
From Coquelicot Require Import Hierarchy RInt.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums StepFunctions BlockMeans AxisMeans.
Import ListNotations.
Local Open Scope R_scope.

(** ** Definitions *)

(** The Riemann integral over [0,1]. *)
Definition integral_01 (F : R -> R) : R := RInt F 0 1.

(** The integral over the cube [0,1]^d, one variable after the other. *)
Fixpoint integral (d : nat) (F : list R -> R) : R :=
  match d with O => F [] | S d' => integral_01 (fun t => integral d' (fun x => F (t :: x))) end.

(** The number of the fine cell of [t], t >= 0. *)
Definition cell (M : nat) (t : R) : nat := Z.to_nat (Zfloor (INR M * t)).

(** The step function with the table [v]. *)
Definition step (M : nat) (v : list nat -> R) (x : list R) : R := v (map (cell M) x).

(** [x] moved by [t] in direction [i]. *)
Fixpoint move (i : nat) (t : R) (x : list R) : list R :=
  match x, i with [], _ => [] | a :: x', O => (a + t) :: x' | a :: x', S j => a :: move j t x' end.

(** f(x + t e_i) - f(x) where both points are in the cube, 0 elsewhere. *)
Definition increment (i : nat) (t : R) (F : list R -> R) (x : list R) : R :=
  if Rlt_dec 0 (coord i x + t) then if Rlt_dec (coord i x + t) 1 then F (move i t x) - F x else 0 else 0.

(** ** Integrals of functions that are constant on pieces *)

(** Every fine cell is cut at the same place, a fraction [c] of its length: values [z] before, [y] behind. *)
Lemma is_RInt_pieces : forall M c z y F, (0 < M)%nat -> 0 <= c <= 1 ->
  (forall j t, (j < M)%nat -> INR j / INR M < t < (INR j + c) / INR M -> F t = z j) ->
  (forall j t, (j < M)%nat -> (INR j + c) / INR M < t < (INR j + 1) / INR M -> F t = y j) ->
  forall k, (k <= M)%nat -> is_RInt F 0 (INR k / INR M) ((c * sum k z + (1 - c) * sum k y) / INR M).
Proof.
  intros M c z y F HM Hc Hz Hy. assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  assert (Hle : forall a b, a <= b -> a / INR M <= b / INR M).
  { intros. unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat|]; assumption. }
  induction k; intros Hk.
  - replace (INR 0 / INR M) with 0 by (simpl; field; lra).
    replace ((c * sum 0 z + (1 - c) * sum 0 y) / INR M) with 0 by (simpl; field; lra). apply (is_RInt_point F 0).
  - rewrite S_INR. cbn [sum].
    replace ((c * (sum k z + z k) + (1 - c) * (sum k y + y k)) / INR M)
      with ((c * sum k z + (1 - c) * sum k y) / INR M + (c / INR M * z k + (1 - c) / INR M * y k)) by (field; lra).
    apply (is_RInt_Chasles F 0 (INR k / INR M)); [apply IHk; lia|].
    apply (is_RInt_Chasles F (INR k / INR M) ((INR k + c) / INR M)).
    + apply is_RInt_ext with (fun _ => z k).
      * intros t. rewrite Rmin_left, Rmax_right by (apply Hle; lra). intros Ht. symmetry. apply Hz; [lia|assumption].
      * replace (c / INR M * z k) with (((INR k + c) / INR M - INR k / INR M) * z k) by (field; lra).
        apply (is_RInt_const (INR k / INR M) ((INR k + c) / INR M) (z k)).
    + apply is_RInt_ext with (fun _ => y k).
      * intros t. rewrite Rmin_left, Rmax_right by (apply Hle; lra). intros Ht. symmetry. apply Hy; [lia|assumption].
      * replace ((1 - c) / INR M * y k) with (((INR k + 1) / INR M - (INR k + c) / INR M) * y k) by (field; lra).
        apply (is_RInt_const ((INR k + c) / INR M) ((INR k + 1) / INR M) (y k)).
Qed.

Lemma integral_pieces : forall M c z y F, (0 < M)%nat -> 0 <= c <= 1 ->
  (forall j t, (j < M)%nat -> INR j / INR M < t < (INR j + c) / INR M -> F t = z j) ->
  (forall j t, (j < M)%nat -> (INR j + c) / INR M < t < (INR j + 1) / INR M -> F t = y j) ->
  integral_01 F = c * (sum M z / INR M) + (1 - c) * (sum M y / INR M).
Proof.
  intros M c z y F HM Hc Hz Hy. assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  pose proof (is_RInt_pieces M c z y F HM Hc Hz Hy M ltac:(lia)) as E.
  replace (INR M / INR M) with 1 in E by (field; lra).
  unfold integral_01. rewrite (is_RInt_unique F 0 1 _ E). field. lra.
Qed.

Lemma integral_cells : forall M z F, (0 < M)%nat ->
  (forall j t, (j < M)%nat -> INR j / INR M < t < (INR j + 1) / INR M -> F t = z j) ->
  integral_01 F = sum M z / INR M.
Proof.
  intros M z F HM H. assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  rewrite (integral_pieces M 1 z z F); [ring|assumption|lra|assumption|].
  intros j t _ Ht. exfalso. lra.
Qed.

(** Only the points inside of the cube matter. *)
Definition inside (d : nat) (x : list R) : Prop := length x = d /\ Forall (fun t => 0 < t < 1) x.

Lemma integral_ext : forall d F G, (forall x, inside d x -> F x = G x) -> integral d F = integral d G.
Proof.
  induction d; intros F G H; cbn [integral]; [apply H; split; [reflexivity|constructor]|].
  apply RInt_ext. intros t. rewrite Rmin_left, Rmax_right by lra. intros Ht. apply IHd.
  intros x [Hl Hf]. apply H. split; [simpl; lia|constructor; assumption].
Qed.

Lemma mean_S : forall d M g, mean (S d) M g = sum M (fun k => mean d M (fun ks => g (k :: ks))) / INR M.
Proof.
  intros. unfold mean. cbn [sums pow].
  rewrite (sum_ext M (fun k => _ / _) (fun k => / INR M ^ d * sums d M (fun ks => g (k :: ks))))
    by (intros; apply Rmult_comm).
  rewrite sum_scale. unfold Rdiv. rewrite Rinv_mult. ring.
Qed.

(** ** Cells *)

Lemma cell_eq : forall M t j, INR j <= INR M * t < INR j + 1 -> cell M t = j.
Proof.
  intros M t j H. unfold cell. rewrite (Zfloor_imp (Z.of_nat j)); [apply Nat2Z.id|].
  rewrite plus_IZR, <- INR_IZR_INZ. exact H.
Qed.

Lemma between : forall M t a b, (0 < M)%nat -> a / INR M < t < b / INR M -> a < INR M * t < b.
Proof.
  intros M t a b HM [Ha Hb]. assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  apply (Rmult_lt_compat_l (INR M)) in Ha; [|assumption]. apply (Rmult_lt_compat_l (INR M)) in Hb; [|assumption].
  replace (INR M * (a / INR M)) with a in Ha by (field; lra). replace (INR M * (b / INR M)) with b in Hb by (field; lra).
  lra.
Qed.

Lemma cell_spec : forall M t, (0 < M)%nat -> 0 <= t -> INR (cell M t) <= INR M * t < INR (cell M t) + 1.
Proof.
  intros M t HM Ht. unfold cell. pose proof (Zfloor_lb (INR M * t)) as L. pose proof (Zfloor_ub (INR M * t)) as U.
  assert (0 <= Zfloor (INR M * t))%Z.
  { apply Zfloor_lub. apply Rmult_le_pos; [apply pos_INR|assumption]. }
  rewrite INR_IZR_INZ, Z2Nat.id by assumption. lra.
Qed.

Lemma cell_lt : forall M t, (0 < M)%nat -> 0 < t < 1 -> (cell M t < M)%nat.
Proof.
  intros M t HM Ht. assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  pose proof (cell_spec M t HM ltac:(lra)). apply INR_lt. nra.
Qed.

(** The integral of a step function is the mean of its table. *)
Theorem integral_step : forall (d M : nat) (v : list nat -> R), (1 <= M)%nat -> integral d (step M v) = mean d M v.
Proof.
  induction d; intros M v HM; [unfold mean, step; simpl; field|]. cbn [integral]. rewrite mean_S.
  apply integral_cells; [assumption|]. intros j t Hj Ht. apply between in Ht; [|assumption].
  unfold step. cbn [map]. rewrite (cell_eq M t j) by lra. apply (IHd M (fun ks => v (j :: ks)) HM).
Qed.

(** ** Shifts by real numbers *)

Lemma mean_zero : forall d M, mean d M (fun _ => 0) = 0.
Proof. intros. unfold mean. rewrite sums_const. unfold Rdiv. ring. Qed.

Lemma integral_zero : forall d, integral d (fun _ => 0) = 0.
Proof. intros. change (integral d (step 1 (fun _ => 0)) = 0). rewrite integral_step by lia. apply mean_zero. Qed.

(** The fine cell in which the coordinate [u] lands when it is moved by [t]. *)
Definition target (M : nat) (t u : R) : option nat :=
  if Rlt_dec 0 (u + t) then if Rlt_dec (u + t) 1 then Some (cell M (u + t)) else None else None.

(** The difference of the table when the fine cell [k] of coordinate [i] lands in [a k]. *)
Definition jump (i : nat) (a : nat -> option nat) (v : list nat -> R) (ks : list nat) : R :=
  match a (nth i ks 0%nat) with Some k => v (set i k ks) - v ks | None => 0 end.

(** Every fine cell lands in the fine cell [a] up to the fraction [c] of its length, in [b] behind it. *)
Lemma integral_increment : forall (g : R -> R) i d M v t c a b, g 0 = 0 -> (0 < M)%nat -> (i < d)%nat -> 0 <= c <= 1 ->
  (forall j u, (j < M)%nat -> INR j < INR M * u < INR j + c -> target M t u = a j) ->
  (forall j u, (j < M)%nat -> INR j + c < INR M * u < INR j + 1 -> target M t u = b j) ->
  integral d (fun x => g (increment i t (step M v) x)) =
  c * mean d M (fun ks => g (jump i a v ks)) + (1 - c) * mean d M (fun ks => g (jump i b v ks)).
Proof.
  intros g i d. revert i. induction d; intros i M v t c a b Hg HM Hi Hc Ha Hb; [lia|].
  assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  cbn [integral]. rewrite !mean_S. destruct i as [|i].
  - (* the line of the shift *)
    assert (Hpart : forall e j u, cell M u = j -> target M t u = e j ->
      integral d (fun x => g (increment 0 t (step M v) (u :: x))) = mean d M (fun ks => g (jump 0 e v (j :: ks)))).
    { intros e j u Hj He. unfold increment, jump, coord. cbn [nth move set]. rewrite <- He. unfold target.
      destruct (Rlt_dec 0 (u + t)); [destruct (Rlt_dec (u + t) 1)|]; try (rewrite Hg, integral_zero, mean_zero; reflexivity).
      unfold step. cbn [map]. rewrite Hj.
      apply (integral_step d M (fun ks => g (v (cell M (u + t) :: ks) - v (j :: ks))) HM). }
    apply integral_pieces; try assumption.
    + intros j u Hj Hu. apply between in Hu; [|assumption]. apply Hpart; [apply cell_eq; lra|apply Ha; assumption].
    + intros j u Hj Hu. apply between in Hu; [|assumption]. apply Hpart; [apply cell_eq; lra|apply Hb; assumption].
  - (* other lines *)
    rewrite (integral_cells M (fun j => c * mean d M (fun ks => g (jump i a (fun ks => v (j :: ks)) ks)) +
      (1 - c) * mean d M (fun ks => g (jump i b (fun ks => v (j :: ks)) ks)))); [|assumption|].
    + rewrite sum_plus, !sum_scale. unfold jump. cbn [nth set]. field. lra.
    + intros j u Hj Hu. apply between in Hu; [|assumption]. rewrite <- (IHd i M (fun ks => v (j :: ks)) t c a b) by (assumption || lia).
      apply integral_ext. intros x _. unfold increment, coord, step. cbn [nth move map].
      rewrite (cell_eq M u j) by lra. reflexivity.
Qed.

(** ** Where a shift lands *)

(** The fine cells [s] further on, and [s] further back. *)
Definition ahead (M s k : nat) : option nat := if (k + s <? M)%nat then Some (k + s)%nat else None.
Definition behind (s k : nat) : option nat := if (s <=? k)%nat then Some (k - s)%nat else None.

Lemma target_ahead : forall M t u j s, (0 < M)%nat -> 0 < INR M * (u + t) ->
  INR j + INR s <= INR M * (u + t) < INR j + INR s + 1 -> target M t u = ahead M s j.
Proof.
  intros M t u j s HM Hpos H. assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  unfold target, ahead. destruct (Rlt_dec 0 (u + t)); [|exfalso; nra].
  destruct (Rlt_dec (u + t) 1) as [L|L]; destruct (Nat.ltb_spec (j + s) M) as [L'|L']; [| | |reflexivity].
  - f_equal. apply cell_eq. rewrite plus_INR. exact H.
  - exfalso. apply le_INR in L'. rewrite plus_INR in L'. nra.
  - exfalso. apply le_INR in L'. rewrite S_INR, plus_INR in L'. nra.
Qed.

Lemma target_behind : forall M t u j s, (0 < M)%nat -> (j < M)%nat ->
  INR j - INR s < INR M * (u + t) < INR j - INR s + 1 -> target M t u = behind s j.
Proof.
  intros M t u j s HM Hj H. assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  apply le_INR in Hj. rewrite S_INR in Hj. pose proof (pos_INR s).
  unfold target, behind. destruct (Nat.leb_spec s j) as [L'|L']; destruct (Rlt_dec 0 (u + t)) as [L|L].
  - destruct (Rlt_dec (u + t) 1); [|exfalso; nra]. f_equal. apply cell_eq. rewrite minus_INR by assumption. lra.
  - exfalso. apply le_INR in L'. nra.
  - exfalso. apply le_INR in L'. rewrite S_INR in L'. nra.
  - reflexivity.
Qed.

(** Jumping back changes a function as much as jumping ahead. *)
Lemma mean_behind : forall (g : R -> R) i d M s v, g 0 = 0 -> (forall z, g (- z) = g z) -> (i < d)%nat ->
  mean d M (fun ks => g (jump i (behind s) v ks)) = mean d M (fun ks => g (jump i (ahead M s) v ks)).
Proof.
  intros g i d M s v Hg He Hi. unfold mean. f_equal. apply (sums_lines d i); [assumption|]. intros ks Hl.
  set (u := fun k => v (set i k ks)).
  transitivity (sum M (fun k => if (s <=? k)%nat then g (u (k - s)%nat - u (k - s + s)%nat) else 0)).
  - apply sum_ext. intros k _. unfold jump, behind, u. rewrite nth_set by lia.
    destruct (Nat.leb_spec s k); [|apply Hg]. rewrite set_set. replace (k - s + s)%nat with k by lia. reflexivity.
  - rewrite (sum_back M s (fun k => g (u k - u (k + s)%nat))). apply sum_ext. intros k _.
    unfold jump, ahead, u. rewrite nth_set by lia. destruct (k + s <? M)%nat; [|symmetry; apply Hg].
    rewrite set_set, <- He. f_equal. ring.
Qed.

(** The integral for a shift by s + c fine cells, 0 <= c < 1, ahead or back: 1 - c of it is moved by [s], [c] by [s + 1]. *)
Lemma integral_shift : forall (g : R -> R) i d M v t s c, g 0 = 0 -> (forall z, g (- z) = g z) ->
  (0 < M)%nat -> (i < d)%nat -> 0 <= c < 1 -> INR M * Rabs t = INR s + c ->
  integral d (fun x => g (increment i t (step M v) x)) =
  (1 - c) * mean d M (fun ks => g (difference M i s v ks)) + c * mean d M (fun ks => g (difference M i (S s) v ks)).
Proof.
  intros g i d M v t s c Hg He HM Hi Hc Ht. pose proof (pos_INR s).
  assert (Hd : forall r, mean d M (fun ks => g (difference M i r v ks)) = mean d M (fun ks => g (jump i (ahead M r) v ks))).
  { intros r. apply mean_ext. intros ks _. f_equal. unfold difference, jump, ahead.
    destruct (nth i ks 0 + r <? M)%nat; reflexivity. }
  rewrite !Hd. unfold Rabs in Ht. destruct (Rcase_abs t).
  - rewrite (integral_increment g i d M v t c (behind (S s)) (behind s)); try assumption; [|lra| |].
    + rewrite !mean_behind by assumption. ring.
    + intros j u Hj Hu. apply target_behind; try assumption. rewrite S_INR. lra.
    + intros j u Hj Hu. apply target_behind; try assumption. lra.
  - rewrite (integral_increment g i d M v t (1 - c) (ahead M s) (ahead M (S s))); try assumption; [ring|lra| |].
    + intros j u Hj Hu. pose proof (pos_INR j). apply target_ahead; try assumption; lra.
    + intros j u Hj Hu. pose proof (pos_INR j). apply target_ahead; try assumption; rewrite ?S_INR; lra.
Qed.
