(** * Cardinal B-splines of every degree

    The B-spline of degree q with the knots 0, ..., q+1 by the recursion of Cox and de Boor, as in
    constructs/bsplines.py: its support, its sign, that its shifts add up to 1, and its formula by truncated powers. *)

From Coq Require Import Reals Factorial Lia Lra.
From Approxcert Require Import Sums LocalUnits.
Local Open Scope R_scope.

(** The B-spline of degree [q]; that of degree 0 is 1 on [0,1) and 0 elsewhere. *)
Fixpoint bspline (q : nat) (t : R) : R :=
  match q with
  | O => if Rle_dec 0 t then if Rlt_dec t 1 then 1 else 0 else 0
  | S p => (t * bspline p t + (INR q + 1 - t) * bspline p (t - 1)) / INR q
  end.

Lemma bspline_S : forall p t,
  INR (S p) * bspline (S p) t = t * bspline p t + (INR (S p) + 1 - t) * bspline p (t - 1).
Proof. intros. cbn [bspline]. field. apply not_0_INR. lia. Qed.

Lemma bspline_left : forall q t, t < 0 -> bspline q t = 0.
Proof.
  induction q; intros; cbn [bspline]; [destruct (Rle_dec 0 t); [lra|reflexivity]|].
  rewrite (IHq t), (IHq (t - 1)) by lra. unfold Rdiv. ring.
Qed.

Lemma bspline_right : forall q t, INR q + 1 <= t -> bspline q t = 0.
Proof.
  induction q; intros t Ht; cbn [bspline].
  - cbn [INR] in Ht. destruct (Rle_dec 0 t); [destruct (Rlt_dec t 1); [lra|reflexivity]|reflexivity].
  - rewrite S_INR in Ht. rewrite (IHq t), (IHq (t - 1)) by lra. unfold Rdiv. ring.
Qed.

Lemma bspline_at_zero : forall q, (1 <= q)%nat -> bspline q 0 = 0.
Proof.
  intros [|p] H; [lia|]. cbn [bspline]. rewrite (bspline_left p (0 - 1)) by lra. unfold Rdiv. ring.
Qed.

(** For every degree q >= 1 the B-spline is 0 at 0, at q+1, and outside of [0, q+1]. *)
Theorem bspline_support : forall q t, (1 <= q)%nat -> ~ (0 < t < INR q + 1) -> bspline q t = 0.
Proof.
  intros q t Hq Ht. destruct (Rlt_dec t 0); [apply bspline_left; assumption|].
  destruct (Req_dec t 0) as [->|]; [apply bspline_at_zero; assumption|]. apply bspline_right. lra.
Qed.

(** For every degree the B-spline is nowhere negative. *)
Theorem bspline_nonneg : forall q t, 0 <= bspline q t.
Proof.
  induction q; intros t; [cbn [bspline]; destruct (Rle_dec 0 t); [destruct (Rlt_dec t 1)|]; lra|].
  assert (0 < INR (S q)) by (apply lt_0_INR; lia).
  apply Rmult_le_reg_l with (INR (S q)); [assumption|]. rewrite bspline_S, Rmult_0_r.
  apply Rplus_le_le_0_compat.
  - destruct (Rle_dec 0 t); [apply Rmult_le_pos; auto|]. rewrite bspline_left by lra. lra.
  - destruct (Rle_dec t (INR (S q) + 1)); [apply Rmult_le_pos; [lra|auto]|].
    rewrite bspline_right by (rewrite S_INR in *; lra). lra.
Qed.

(** ** The shifts add up to 1 *)

(** One degree down: a combination of shifts with the coefficients [d i] as one of shifts of a lower degree. *)
Lemma shifts_recursion : forall q n (d : R -> R) t, INR (S q) <= t < INR n ->
  INR (S q) * sum n (fun i => d (INR i) * bspline (S q) (t - INR i))
  = sum n (fun i => ((t - INR i) * d (INR i) + (INR (S q) - t + INR i) * d (INR i - 1)) * bspline q (t - INR i)).
Proof.
  intros q n d t Ht. pose proof (S_INR q) as Hq. pose (b := fun i => bspline q (t - INR i)).
  pose (z := fun i => (INR (S q) - t + INR i) * d (INR i - 1) * b i).
  rewrite <- sum_scale, (sum_ext n _ (fun i => (t - INR i) * d (INR i) * b i + z (S i))).
  2:{ intros i _. rewrite <- Rmult_assoc, (Rmult_comm _ (d _)), Rmult_assoc, bspline_S. unfold z, b. rewrite (S_INR i).
      replace (INR i + 1 - 1) with (INR i) by ring. replace (t - (INR i + 1)) with (t - INR i - 1) by ring. ring. }
  assert (Hz : sum n (fun i => z (S i)) = sum n z).
  { pose proof (sum_first n z) as H1. cbn [sum] in H1.
    assert (z 0%nat = 0) by (unfold z, b; rewrite bspline_right by (cbn [INR]; lra); ring).
    assert (z n = 0) by (unfold z, b; rewrite bspline_left by lra; ring). lra. }
  rewrite sum_plus, Hz, <- sum_plus. apply sum_ext. intros. unfold z, b. ring.
Qed.

Lemma shifts_degree_zero : forall n t, 0 <= t < INR n -> sum n (fun i => bspline 0 (t - INR i)) = 1.
Proof.
  intros n t Ht. induction n as [|n IH]; [cbn [INR] in Ht; lra|]. cbn [sum]. rewrite S_INR in Ht.
  destruct (Rlt_dec t (INR n)) as [Hn|Hn].
  - rewrite IH by lra. rewrite bspline_left by lra. ring.
  - rewrite (sum_ext n _ (fun _ => 0)).
    + rewrite sum_const. cbn [bspline]. destruct (Rle_dec 0 (t - INR n)); [|lra].
      destruct (Rlt_dec (t - INR n) 1); lra.
    + intros i Hi. apply bspline_right. cbn [INR]. apply le_INR in Hi. rewrite S_INR in Hi. lra.
Qed.

Lemma shifts_below : forall q n t, INR q <= t < INR n -> sum n (fun i => bspline q (t - INR i)) = 1.
Proof.
  induction q; intros n t Ht; [apply shifts_degree_zero; exact Ht|].
  assert (0 < INR (S q)) by (apply lt_0_INR; lia). apply Rmult_eq_reg_l with (INR (S q)); [|lra].
  rewrite (sum_ext n _ (fun i => 1 * bspline (S q) (t - INR i))) by (intros; ring).
  rewrite (shifts_recursion q n (fun _ => 1) t Ht). rewrite S_INR in Ht.
  rewrite (sum_ext n _ (fun i => INR (S q) * bspline q (t - INR i))) by (intros; ring).
  rewrite sum_scale, IHq by lra. ring.
Qed.

(** For every degree q >= 1, every n and every t from q to n, the n B-splines that begin at 0, ..., n-1 add up to 1 at
    t. (On the unit interval with the mesh 1/M, those are all that meet it: n = M + q, t = M x + q.) *)
Theorem bspline_partition : forall q n t, (1 <= q)%nat -> INR q <= t <= INR n ->
  sum n (fun i => bspline q (t - INR i)) = 1.
Proof.
  intros q n t Hq Ht. destruct (Rlt_dec t (INR n)) as [|Hn]; [apply shifts_below; lra|].
  replace t with (INR n) in * by lra.
  rewrite <- (shifts_below q (S n) (INR n)) by (rewrite S_INR; lra).
  cbn [sum]. replace (INR n - INR n) with 0 by ring. rewrite bspline_at_zero by assumption. ring.
Qed.

(** For every degree the B-spline is nowhere greater than 1. *)
Theorem bspline_le_one : forall q t, bspline q t <= 1.
Proof.
  intros q t. destruct (Rlt_dec t 0) as [|H0]; [rewrite bspline_left by assumption; lra|].
  destruct (Rle_dec (INR q + 1) t) as [|H1]; [rewrite bspline_right by assumption; lra|].
  (* B(t) is the summand q of the shifts that add up to 1 at t + q. *)
  pose (n := (q + q + 1)%nat). assert (Hqn : (q < n)%nat) by (unfold n; lia).
  assert (Hn : INR n = INR q + INR q + 1) by (unfold n; rewrite !plus_INR; reflexivity).
  rewrite <- (shifts_below q n (t + INR q)) by lra.
  assert (H : forall n' z, (q < n')%nat -> (forall i, 0 <= z i) -> z q <= sum n' z).
  { clear. induction n' as [|n' IH]; intros z Hq Hz; [lia|]. cbn [sum].
    destruct (Nat.eq_dec q n') as [<-|].
    - assert (0 <= sum q z) by (apply sum_nonneg; auto). lra.
    - specialize (IH z ltac:(lia) Hz). specialize (Hz n'). lra. }
  specialize (H n (fun i => bspline q (t + INR q - INR i)) Hqn (fun i => bspline_nonneg q _)).
  cbv beta in H. replace (t + INR q - INR q) with t in H by ring. exact H.
Qed.

(** ** Truncated powers *)

(** The binomial coefficient "n over k", 0 if k > n. *)
Fixpoint binom (n k : nat) : nat :=
  match n, k with
  | _, O => 1
  | O, S _ => 0
  | S m, S j => binom m j + binom m k
  end.

Lemma binom_above : forall n k, (n < k)%nat -> binom n k = 0%nat.
Proof. induction n; intros [|k] H; try lia; [reflexivity|]. cbn [binom]. rewrite !IHn by lia. reflexivity. Qed.

Lemma binom_absorb : forall n k, (S k * binom (S n) (S k) = S n * binom n k)%nat.
Proof.
  induction n; intros k.
  - destruct k; [reflexivity|]. cbn [binom]. lia.
  - destruct k.
    + specialize (IHn 0%nat). cbn [binom] in *. destruct n; cbn [binom] in *; lia.
    + pose proof (IHn k) as H1. pose proof (IHn (S k)) as H2.
      change (binom (S (S n)) (S (S k))) with (binom (S n) (S k) + binom (S n) (S (S k)))%nat.
      assert (binom (S n) (S k) = binom n k + binom n (S k))%nat by reflexivity. nia.
Qed.

(** The coefficient of the knot [i]: (-1)^i C(n,i). *)
Definition alternating (n i : nat) : R := (-1) ^ i * INR (binom n i).

(** The combination of all (t-i)^q g(t-i), of which g = 1 for t >= 0 only gives the B-spline. *)
Definition difference (g : R -> R) (q : nat) (t : R) : R :=
  sum (q + 2) (fun i => alternating (q + 1) i * ((t - INR i) ^ q * g (t - INR i))).

(** Whatever g is, the combinations obey the recursion of the B-splines. *)
Lemma difference_S : forall g p t,
  difference g (S p) t = t * difference g p t + (INR (S p) + 1 - t) * difference g p (t - 1).
Proof.
  intros g p t. unfold difference. replace (S p + 2)%nat with (S (p + 2)) by lia.
  rewrite <- !sum_scale.
  assert (H : forall z n, sum n z = sum (S n) z - z n) by (intros; simpl; ring).
  rewrite (H (fun i => t * _)), !sum_first. cbv beta.
  replace (alternating (p + 1) (p + 2)) with 0
    by (unfold alternating; rewrite binom_above by lia; simpl; ring).
  replace (alternating (S p + 1) 0) with (alternating (p + 1) 0)
    by (unfold alternating; rewrite !Nat.add_1_r; reflexivity).
  replace (t - INR 0) with t by (simpl; ring). cbn [pow].
  match goal with |- _ + ?a = _ + ?b - _ + ?c => cut (a = b + c); [intros ->; ring|] end.
  rewrite <- sum_plus. apply sum_ext. intros i _.
  rewrite S_INR. replace (t - 1 - INR i) with (t - (INR i + 1)) by ring.
  pose proof (binom_absorb (p + 1) i) as Ha. apply (f_equal INR) in Ha. rewrite !mult_INR in Ha.
  rewrite !S_INR, plus_INR in Ha. cbn [INR] in Ha.
  assert (Hp : INR (binom (S p + 1) (S i)) = INR (binom (p + 1) i) + INR (binom (p + 1) (S i)))
    by (rewrite <- plus_INR; reflexivity).
  unfold alternating. cbn [Nat.add] in *. rewrite Hp in *. cbn [pow]. rewrite S_INR.
  set (u := t - (INR i + 1)). set (w := u ^ p * g u).
  replace (u * u ^ p * g u) with (u * w) by (unfold w; ring).
  set (b := INR (binom (p + 1) i)) in *. set (d := INR (binom (p + 1) (S i))) in *.
  replace (-1 * (-1) ^ i * (b + d) * (u * w)) with
    (- ((-1) ^ i * w * ((b + d) * t - (INR i + 1) * (b + d)))) by (unfold u; ring).
  rewrite Ha. ring.
Qed.

(** The step function 1 for t >= 0. *)
Definition step (t : R) : R := if Rle_dec 0 t then 1 else 0.

Lemma bspline_step : forall q t, INR (fact q) * bspline q t = difference step q t.
Proof.
  induction q; intros t.
  - unfold difference, alternating, step. simpl.
    destruct (Rle_dec 0 t), (Rlt_dec t 1), (Rle_dec 0 (t - 0)), (Rle_dec 0 (t - 1)); lra.
  - rewrite difference_S, <- !IHq. change (fact (S q)) with (S q * fact q)%nat. rewrite mult_INR.
    rewrite (Rmult_comm (INR (S q))), Rmult_assoc, bspline_S. ring.
Qed.

Lemma sigma_step : forall q t, (1 <= q)%nat -> sigma q t = t ^ q * step t.
Proof.
  intros q t Hq. unfold step. destruct (Rle_dec 0 t).
  - unfold sigma. rewrite Rmax_left by lra. ring.
  - rewrite sigma_zero by (assumption || lra). ring.
Qed.

(** For every degree q >= 1, q! times the B-spline is the sum of (-1)^i C(q+1,i) max(t-i,0)^q over i = 0, ..., q+1. *)
Theorem bspline_truncated_powers : forall q t, (1 <= q)%nat ->
  INR (fact q) * bspline q t = sum (q + 2) (fun i => (-1) ^ i * INR (binom (q + 1) i) * sigma q (t - INR i)).
Proof.
  intros q t Hq. rewrite bspline_step. apply sum_ext. intros i _. rewrite sigma_step by assumption. reflexivity.
Qed.

(** The differences of order q+1 of t^q are 0 and those of t^(q+1) are (q+1)!. *)
Lemma difference_power : forall q t, difference (fun _ => 1) q t = 0.
Proof.
  induction q; intros t; [unfold difference, alternating; simpl; ring|]. rewrite difference_S, !IHq. ring.
Qed.

Lemma difference_next_power : forall q t, difference (fun u => u) q t = INR (fact (q + 1)).
Proof.
  induction q; intros t; [unfold difference, alternating; simpl; ring|]. rewrite difference_S, !IHq.
  change (fact (S q + 1)) with (S (q + 1) * fact (q + 1))%nat. rewrite mult_INR, !S_INR, plus_INR. simpl. ring.
Qed.
