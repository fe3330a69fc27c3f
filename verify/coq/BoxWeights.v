(** * Boxes and their weights

    A spline is a sum of B-splines, and each of these a sum of local units ([local_sum]). Units of several B-splines
    that live on one box are merged, as constructs/multiplicative.py does it: one weight for every box. Here: these
    weights, over the rationals, and that the weighted units add up to the spline, whatever boxes of weight 0 are left
    out. *)

From Coq Require Import Reals QArith Qreals Qreduction ZArith Factorial List Bool Lia Lra.
From Approxcert Require Import Sums LocalUnits BSplines LocalSum Tuples.
Import ListNotations.
Local Open Scope R_scope.

(** ** Definitions *)

(** The index tuples of coefficients: [shape] has the number of indices on every axis. *)
Definition grid (shape : list nat) : list (list nat) := tuples (map (seq 0) shape).

(** An interval is a pair of knots, counted from the first one; a box is a list of intervals. *)
Notation interval := (nat * nat)%type.
Definition side_of (i : nat) (box : list interval) : interval := nth i box (0, 0)%nat.

(** The intervals of length at most q+1 between the knots of an axis with [n] B-splines. *)
Definition intervals (q n : nat) : list interval :=
  filter (fun s => Nat.ltb (fst s) (snd s) && Nat.leb (snd s) (fst s + (q + 1)))
    (list_prod (seq 0 (n + (q + 1))) (seq 0 (n + (q + 1)))).
Definition boxes (q : nat) (shape : list nat) : list (list interval) := tuples (map (intervals q) shape).

(** The rational coefficient of the unit of [a] and [b] in a B-spline. *)
Definition gamma_Q (q a b : nat) : Q :=
  (inject_Z ((-1) ^ Z.of_nat (a + b + q + 1) * (Z.of_nat b - Z.of_nat a)
    * Z.of_nat (binom (q + 1) a) * Z.of_nat (binom (q + 1) b))
  / inject_Z (Z.of_nat (fact q) * Z.of_nat (fact (q + 1))))%Q.

(** That of the unit of an interval in the B-spline that begins at knot [k], 0 if the interval is not within its
    support. *)
Definition share (q k : nat) (s : interval) : Q :=
  if Nat.leb k (fst s) && Nat.leb (snd s) (k + (q + 1)) then gamma_Q q (fst s - k) (snd s - k) else 0%Q.

(** The weight of a box: its shares in all B-splines, times their coefficients. *)
Definition weight (q : nat) (shape : list nat) (c : list nat -> Q) (box : list interval) : Q :=
  Qred (sum_Q (map (fun k => c k *
    prod_Q (map (fun i => share q (nth i k 0%nat) (side_of i box)) (seq 0 (length shape))))%Q (grid shape))).

(** The boxes that get a neuron: those of nonzero weight; the first box, if there are none. *)
Definition kept (q : nat) (shape : list nat) (c : list nat -> Q) : list (list interval) :=
  match filter (fun box => negb (Qeq_bool (weight q shape c box) 0)) (boxes q shape) with
  | [] => firstn 1 (boxes q shape)
  | some => some
  end.

(** ** Facts *)

Lemma Q2R_inject : forall z, Q2R (inject_Z z) = IZR z.
Proof. intros. unfold Q2R, inject_Z. simpl. field. Qed.

Lemma Q2R_red : forall p, Q2R (Qred p) = Q2R p.
Proof. intros. apply Qeq_eqR, Qred_correct. Qed.

Lemma Q2R_nonzero : forall p, Qeq_bool p 0 = true -> Q2R p = 0.
Proof. intros p H. apply Qeq_bool_iff, Qeq_eqR in H. rewrite H. apply RMicromega.Q2R_0. Qed.

Lemma gamma_real : forall q a b, Q2R (gamma_Q q a b) = gamma q a b.
Proof.
  intros. unfold gamma_Q, gamma. assert (F : forall n, (0 < fact n)%nat) by apply lt_O_fact.
  pose proof (F q). pose proof (F (q + 1)%nat).
  rewrite Q2R_div by (intros H'; apply Qeq_eqR in H'; rewrite Q2R_inject, RMicromega.Q2R_0 in H'; apply eq_IZR in H';
    nia).
  rewrite !Q2R_inject, !mult_IZR, minus_IZR, <- !INR_IZR_INZ, <- pow_IZR. reflexivity.
Qed.

(** The real share, and that the shares of all intervals make the B-spline. *)
Definition share_R (q k : nat) (s : interval) : R := Q2R (share q k s).

Lemma shift_unit : forall q a b k t, unit q (INR (k + a)) (INR (k + b)) t = unit q (INR a) (INR b) (t - INR k).
Proof.
  intros. unfold unit. rewrite !plus_INR. f_equal; f_equal; ring.
Qed.

Lemma shares_make_bspline : forall q n k t, (1 <= q)%nat -> (k < n)%nat ->
  sum_over (intervals q n) (fun s => share_R q k s * unit q (INR (fst s)) (INR (snd s)) t) = bspline q (t - INR k).
Proof.
  intros q n k t Hq Hk. rewrite local_sum by assumption. unfold intervals. rewrite sum_over_filter, sum_over_pairs.
  rewrite sum_over_seq, sum_pairs.
  set (N := (n + (q + 1))%nat).
  rewrite (sum_window N k (q + 2)).
  - apply sum_ext. intros a Ha. rewrite sum_over_seq, (sum_window N k (q + 2)); [|unfold N; lia|].
    + apply sum_ext. intros b Hb. cbn [fst snd]. unfold share_R, share. cbn [fst snd].
      destruct (Nat.ltb_spec a b).
      * rewrite (proj2 (Nat.ltb_lt (k + a) (k + b))) by lia. rewrite !(proj2 (Nat.leb_le _ _)) by lia. cbn [andb].
        rewrite shift_unit, gamma_real. do 3 f_equal; lia.
      * rewrite (proj2 (Nat.ltb_ge (k + a) (k + b))) by lia. reflexivity.
    + intros b _ Hb. cbn [fst snd]. unfold share_R, share. cbn [fst snd].
      destruct (Nat.ltb_spec (k + a) b); [|reflexivity]. destruct (Nat.leb_spec b (k + (q + 1))); [lia|].
      rewrite andb_false_r, RMicromega.Q2R_0. destruct (_ && _); ring.
  - unfold N; lia.
  - intros a _ Ha. apply sum_over_zero. intros b _. cbn [fst snd]. unfold share_R, share. cbn [fst snd].
    destruct (Nat.ltb_spec a b); [|reflexivity]. destruct (_ <=? _)%nat eqn:E; [|reflexivity]. clear E. cbn [andb].
    destruct (Nat.leb_spec k a); [|cbn [andb]; rewrite RMicromega.Q2R_0; ring].
    destruct (Nat.leb_spec b (k + (q + 1))); [lia|]. cbn [andb]. rewrite RMicromega.Q2R_0. ring.
Qed.

(** The unit of a box. *)
Definition box_unit (q m : nat) (t : nat -> R) (box : list interval) : R :=
  prod m (fun i => unit q (INR (fst (side_of i box))) (INR (snd (side_of i box))) (t i)).

Lemma weight_real : forall q shape c box, Q2R (weight q shape c box) =
  sum_over (grid shape) (fun k => Q2R (c k) * prod (length shape) (fun i => share_R q (nth i k 0%nat) (side_of i box))).
Proof.
  intros. unfold weight. rewrite Q2R_red, Q2R_sum. apply sum_over_ext. intros k _.
  rewrite Q2R_mult, Q2R_prod. reflexivity.
Qed.

Lemma in_grid : forall shape k i, In k (grid shape) -> (i < length shape)%nat -> (nth i k 0 < nth i shape 0)%nat.
Proof.
  intros shape k i Hk Hi. apply (in_tuples _ 0%nat _ k i) in Hk; [|rewrite map_length; assumption].
  rewrite (nth_indep _ [] (seq 0 0)), map_nth in Hk by (rewrite map_length; assumption). apply in_seq in Hk. lia.
Qed.

(** The weighted units of all boxes add up to the spline. *)
Lemma boxes_make_spline : forall q shape c t, (1 <= q)%nat ->
  sum_over (boxes q shape) (fun box => Q2R (weight q shape c box) * box_unit q (length shape) t box)
  = sum_over (grid shape) (fun k => Q2R (c k) * prod (length shape) (fun i => bspline q (t i - INR (nth i k 0%nat)))).
Proof.
  intros q shape c t Hq.
  rewrite (sum_over_ext _ _ (fun box => sum_over (grid shape) (fun k => Q2R (c k) *
    prod (length shape) (fun i => share_R q (nth i k 0%nat) (side_of i box) *
      unit q (INR (fst (side_of i box))) (INR (snd (side_of i box))) (t i))))).
  2:{ intros box _. rewrite weight_real, Rmult_comm, <- sum_over_scale. apply sum_over_ext. intros k _.
      rewrite prod_mult. unfold box_unit. ring. }
  rewrite sum_over_swap. apply sum_over_ext. intros k Hk. rewrite sum_over_scale. f_equal.
  pose proof (sum_tuples _ (0, 0)%nat (map (intervals q) shape)
    (fun i s => share_R q (nth i k 0%nat) s * unit q (INR (fst s)) (INR (snd s)) (t i))) as H.
  rewrite map_length in H. unfold boxes, side_of. rewrite H.
  apply prod_ext. intros i Hi. rewrite (nth_indep _ [] (intervals q 0)), map_nth by (rewrite map_length; assumption).
  apply shares_make_bspline; [assumption|]. apply in_grid; assumption.
Qed.

(** Boxes of weight 0 may be left out. *)
Lemma kept_suffice : forall q shape c f,
  sum_over (kept q shape c) (fun box => Q2R (weight q shape c box) * f box)
  = sum_over (boxes q shape) (fun box => Q2R (weight q shape c box) * f box).
Proof.
  intros q shape c f. set (w := fun box => Q2R (weight q shape c box) * f box).
  set (p := fun box => negb (Qeq_bool (weight q shape c box) 0)).
  assert (P : forall box, p box = false -> w box = 0).
  { intros box H. apply negb_false_iff, Q2R_nonzero in H. unfold w. rewrite H. ring. }
  assert (E : sum_over (filter p (boxes q shape)) w = sum_over (boxes q shape) w).
  { rewrite sum_over_filter. apply sum_over_ext. intros box _. destruct (p box) eqn:Hp; [reflexivity|].
    symmetry; apply P; assumption. }
  unfold kept. fold p. destruct (filter p (boxes q shape)) as [|b bs] eqn:Hf; [|exact E].
  rewrite <- E. apply sum_over_zero. intros box Hb. apply P. destruct (p box) eqn:Hp; [|reflexivity].
  assert (In box (filter p (boxes q shape))); [|rewrite Hf in *; contradiction].
  apply filter_In. split; [|assumption]. rewrite <- (firstn_skipn 1). apply in_or_app. left. assumption.
Qed.
