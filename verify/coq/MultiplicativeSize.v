(** * The size of multiplicative networks

    How many neurons the network of a spline on the unit cube has at most, whatever its coefficients are: merged units
    are one for every box, and a box has at most (q+1)(M+2q) choices of an interval on every axis. *)

From Coq Require Import Reals QArith List Lia Lra.
From Approxcert Require Import Sums Network LocalUnits LocalSum Tuples BoxWeights Multiplicative CubeSplines.
Import ListNotations.
Local Open Scope R_scope.

Lemma length_sum : forall A (l : list A), INR (length l) = sum_over l (fun _ => 1).
Proof. induction l; [reflexivity|]. cbn [length sum_over]. rewrite S_INR, IHl. ring. Qed.

Lemma length_filter : forall A (p : A -> bool) l, (length (filter p l) <= length l)%nat.
Proof. induction l; simpl; [lia|]. destruct (p a); simpl; lia. Qed.

Lemma length_flat_map : forall A B (g : A -> list B) n l, (forall a, In a l -> length (g a) = n) ->
  length (flat_map g l) = (length l * n)%nat.
Proof.
  induction l as [|a l IH]; intros H; [reflexivity|]. cbn [flat_map length].
  rewrite app_length, IH, H by auto using in_eq, in_cons. lia.
Qed.

(** Every interval begins at one of n+q knots and ends at one of the next q+1. *)
Lemma length_intervals : forall q n, (length (intervals q n) <= (q + 1) * (n + q))%nat.
Proof.
  intros q n. apply INR_le. rewrite length_sum. unfold intervals. rewrite sum_over_filter, sum_over_pairs, sum_over_seq.
  replace (n + (q + 1))%nat with (S (n + q)) by lia. cbn [sum].
  rewrite (sum_over_zero (seq 0 (S (n + q)))) at 1.
  2:{ intros b Hb. apply in_seq in Hb. cbn [fst snd]. destruct (Nat.ltb_spec (n + q) b); [lia|reflexivity]. }
  rewrite Rplus_0_r, (Nat.mul_comm (q + 1)), mult_INR, <- sum_const. apply sum_le. intros a Ha. rewrite sum_over_seq.
  cbn [fst snd]. set (p := fun b => if (Nat.ltb a b && Nat.leb b (a + (q + 1)))%bool then 1 else 0).
  assert (Hp : forall b, 0 <= p b <= 1) by (intros; unfold p; destruct (_ && _)%bool; lra).
  apply Rle_trans with (sum (S (n + q) + (a + q + 2)) p).
  - assert (A : forall k m, sum k p <= sum (k + m) p).
    { intros k. induction m; [rewrite Nat.add_0_r; lra|]. rewrite Nat.add_succ_r. cbn [sum].
      specialize (Hp (k + m)%nat). lra. }
    apply A.
  - rewrite (sum_window _ (S a) (q + 1)).
    + apply Rle_trans with (sum (q + 1) (fun _ => 1)); [apply sum_le; intros; apply Hp|]. rewrite sum_const. lra.
    + lia.
    + intros b _ Hb. unfold p. destruct (Nat.ltb_spec a b), (Nat.leb_spec b (a + (q + 1))); try reflexivity. lia.
Qed.

Lemma length_boxes : forall q n m, (length (boxes q (repeat n m)) <= ((q + 1) * (n + q)) ^ m)%nat.
Proof.
  intros q n m. unfold boxes. induction m; [apply le_n|]. cbn [repeat map tuples].
  rewrite (length_flat_map _ _ _ (length (tuples (map (intervals q) (repeat n m))))) by (intros; apply map_length).
  apply Nat.mul_le_mono; [apply length_intervals|assumption].
Qed.

Lemma length_kept : forall q shape c, (length (kept q shape c) <= length (boxes q shape))%nat.
Proof.
  intros q shape c. unfold kept. destruct (filter _ _) as [|b bs] eqn:E; [rewrite firstn_length; lia|].
  rewrite <- E. apply length_filter.
Qed.

Lemma length_sides : forall q n m bs, (length (sides q (repeat n m) bs) <= m * (2 * (n + (q + 1))))%nat.
Proof.
  intros q n m bs. unfold sides. eapply Nat.le_trans; [apply length_filter|]. unfold all_sides.
  rewrite (length_flat_map _ _ _ (2 * (n + (q + 1)))%nat).
  - rewrite seq_length, repeat_length. lia.
  - intros i Hi. apply in_seq in Hi. rewrite repeat_length in Hi.
    rewrite (length_flat_map _ _ _ (n + (q + 1))%nat); [reflexivity|].
    intros u _. rewrite map_length, seq_length.
    rewrite (nth_indep (repeat n m) 0%nat n), nth_repeat by (rewrite repeat_length; lia). reflexivity.
Qed.

(** For every degree q, mesh 1/M, dimension m and all coefficients, the network on the cube has two hidden layers, of
    at most 2m(M+2q+1) and ((q+1)(M+2q))^m neurons. *)
Theorem cube_network_size : forall q M m c,
  depth (cube_network q M m c) = 2%nat /\
  (length (nth 0 (layers (cube_network q M m c)) []) <= 2 * m * (M + 2 * q + 1))%nat /\
  (length (nth 1 (layers (cube_network q M m c)) []) <= ((q + 1) * (M + 2 * q)) ^ m)%nat.
Proof.
  intros q M m c. split; [reflexivity|]. unfold cube_network, multiplicative; cbn [layers nth]. rewrite !map_length.
  split.
  - eapply Nat.le_trans; [apply length_sides|]. nia.
  - eapply Nat.le_trans; [apply length_kept|]. eapply Nat.le_trans; [apply length_boxes|].
    replace (M + q + q)%nat with (M + 2 * q)%nat by lia. apply le_n.
Qed.
