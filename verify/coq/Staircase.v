(** * The ReLU staircase

    Digits of the geometric network (arXiv 2604.20219; docs/geometric.md, Digits) by ReLUs alone: the function
    s(z) = sum over j = 1..N-1 of relu((z - j/N)/delta + 1) - relu((z - j/N)/delta) climbs from j-1 to j on the strip
    [j/N - delta, j/N) and is flat elsewhere. Here: its values, its range and its continuity; the one step
    z -> N z - s(z) keeps [0,1]. *)

From Coq Require Import Reals List Lia Lra Psatz.
From Approxcert Require Import Sums.
Local Open Scope R_scope.

(** The ramp number [j]: two ReLUs, 0 before the strip, 1 after it. *)
Definition ramp (N : nat) (delta : R) (j : nat) (z : R) : R :=
  Rmax (/ delta * (z - INR j / INR N) + 1) 0 - Rmax (/ delta * (z - INR j / INR N)) 0.

(** The digit of [z] in base [N], by [N-1] ramps. *)
Definition staircase (N : nat) (delta z : R) : R := sum (N - 1) (fun j => ramp N delta (S j) z).

(** ** One ramp *)

Lemma ramp_before : forall N delta j z, 0 < delta -> z <= INR j / INR N - delta -> ramp N delta j z = 0.
Proof.
  intros N delta j z Hd Hz. unfold ramp. pose proof (Rinv_0_lt_compat _ Hd) as Hi.
  assert (/ delta * delta = 1) by (field; lra).
  rewrite !Rmax_right by nra. lra.
Qed.

Lemma ramp_after : forall N delta j z, 0 < delta -> INR j / INR N <= z -> ramp N delta j z = 1.
Proof.
  intros N delta j z Hd Hz. unfold ramp. pose proof (Rinv_0_lt_compat _ Hd) as Hi.
  rewrite !Rmax_left by nra. lra.
Qed.

Lemma ramp_inside : forall N delta j z, 0 < delta -> INR j / INR N - delta <= z <= INR j / INR N ->
  ramp N delta j z = / delta * (z - INR j / INR N) + 1.
Proof.
  intros N delta j z Hd Hz. unfold ramp. pose proof (Rinv_0_lt_compat _ Hd) as Hi.
  assert (/ delta * delta = 1) by (field; lra).
  rewrite Rmax_left, Rmax_right by nra. lra.
Qed.

Lemma ramp_range : forall N delta j z, 0 <= ramp N delta j z <= 1.
Proof. intros. unfold ramp, Rmax. repeat destruct (Rle_dec _ _); lra. Qed.

Lemma ramp_monotone : forall N delta j y z, 0 < delta -> y <= z -> ramp N delta j y <= ramp N delta j z.
Proof.
  intros N delta j y z Hd H. unfold ramp. pose proof (Rinv_0_lt_compat _ Hd) as Hi.
  assert (/ delta * (y - INR j / INR N) <= / delta * (z - INR j / INR N)) by (apply Rmult_le_compat_l; lra).
  unfold Rmax. repeat destruct (Rle_dec _ _); lra.
Qed.

Lemma ramp_lipschitz : forall N delta j y z, 0 < delta -> y <= z ->
  ramp N delta j z - ramp N delta j y <= / delta * (z - y).
Proof.
  intros N delta j y z Hd H. unfold ramp. pose proof (Rinv_0_lt_compat _ Hd) as Hi.
  assert (/ delta * (z - INR j / INR N) = / delta * (y - INR j / INR N) + / delta * (z - y)) as -> by ring.
  assert (0 <= / delta * (z - y)) by (apply Rmult_le_pos; lra).
  unfold Rmax. repeat destruct (Rle_dec _ _); lra.
Qed.

(** ** The staircase *)

(** The number of [j < n] below [k]. *)
Lemma sum_steps : forall n k, (k <= n)%nat -> sum n (fun j => if Nat.ltb j k then 1 else 0) = INR k.
Proof.
  induction n; intros k Hk; [replace k with 0%nat by lia; reflexivity|].
  cbn [sum]. destruct (Nat.ltb_spec n k) as [H|H].
  - replace k with (S n) by lia. rewrite S_INR, (sum_ext n _ (fun _ => 1)), sum_const; [lra|].
    intros j Hj. destruct (Nat.ltb_spec j (S n)); [reflexivity|lia].
  - rewrite IHn by lia. lra.
Qed.

Lemma INR_base : forall N, (2 <= N)%nat -> 2 <= INR N.
Proof. intros N H. apply le_INR in H. simpl in H. lra. Qed.

Lemma ratio_le : forall a b N, (a <= b)%nat -> (2 <= N)%nat -> INR a / INR N <= INR b / INR N.
Proof.
  intros a b N H HN. apply le_INR in H. pose proof (INR_base N HN).
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra|assumption].
Qed.

(** Between two strips: the digit. *)
Lemma staircase_flat : forall N delta k z, (2 <= N)%nat -> 0 < delta -> (k < N)%nat -> INR k / INR N <= z ->
  ((S k < N)%nat -> z <= INR (S k) / INR N - delta) -> staircase N delta z = INR k.
Proof.
  intros N delta k z HN Hd Hk H0 H1. unfold staircase. rewrite <- (sum_steps (N - 1) k) by lia.
  apply sum_ext. intros j Hj. destruct (Nat.ltb_spec j k) as [H|H].
  - apply ramp_after; [assumption|]. pose proof (ratio_le (S j) k N ltac:(lia) HN). lra.
  - apply ramp_before; [assumption|]. pose proof (ratio_le (S k) (S j) N ltac:(lia) HN).
    specialize (H1 ltac:(lia)). lra.
Qed.

(** On the stretch number [k] of length 1/N only the ramp at its right end moves. *)
Lemma staircase_stretch : forall N delta k z, (2 <= N)%nat -> 0 < delta < / INR N -> (S k < N)%nat ->
  INR k / INR N <= z <= INR (S k) / INR N -> staircase N delta z = INR k + ramp N delta (S k) z.
Proof.
  intros N delta k z HN Hd Hk Hz. unfold staircase.
  rewrite <- (sum_steps (N - 1) k) by lia.
  assert (sum (N - 1) (fun j => (if Nat.eqb j k then 1 else 0) * ramp N delta (S k) z) = ramp N delta (S k) z)
    as <- by (rewrite (sum_single (N - 1) k 1 (fun _ => ramp N delta (S k) z)) by lia; lra).
  rewrite <- sum_plus. apply sum_ext. intros j Hj.
  destruct (Nat.ltb_spec j k) as [H|H]; destruct (Nat.eqb_spec j k) as [->|Hne]; try lia.
  - rewrite ramp_after; [lra|lra|]. pose proof (ratio_le (S j) k N ltac:(lia) HN). lra.
  - lra.
  - rewrite ramp_before; [lra|lra|]. pose proof (ratio_le (S (S k)) (S j) N ltac:(lia) HN).
    rewrite (S_INR (S k)) in *. unfold Rdiv in *. lra.
Qed.

(** Every point of [0,1] lies on a stretch. *)
Lemma stretch : forall N z, (2 <= N)%nat -> 0 <= z <= 1 ->
  exists k, (k < N)%nat /\ INR k / INR N <= z <= INR (S k) / INR N.
Proof.
  intros N z HN Hz. pose proof (INR_base N HN).
  assert (G : forall n, (n < N)%nat -> z <= INR (S n) / INR N ->
    exists k, (k < N)%nat /\ INR k / INR N <= z <= INR (S k) / INR N).
  { induction n; intros Hn Hle.
    - exists 0%nat. simpl INR. split; [lia|]. simpl INR in Hle. unfold Rdiv in *. lra.
    - destruct (Rle_lt_dec z (INR (S n) / INR N)) as [Hz'|Hz'].
      + apply IHn; [lia|assumption].
      + exists (S n). split; [assumption|lra]. }
  apply (G (N - 1)%nat); [lia|]. replace (S (N - 1)) with N by lia.
  replace (INR N / INR N) with 1 by (field; lra). lra.
Qed.

Lemma staircase_range : forall N delta z, (2 <= N)%nat -> 0 <= staircase N delta z <= INR N - 1.
Proof.
  intros N delta z HN. unfold staircase. split.
  - apply sum_nonneg. intros. apply ramp_range.
  - apply Rle_trans with (sum (N - 1) (fun _ => 1)).
    + apply sum_le. intros. apply ramp_range.
    + rewrite sum_const, minus_INR by lia. simpl. lra.
Qed.

Lemma staircase_monotone : forall N delta y z, 0 < delta -> y <= z -> staircase N delta y <= staircase N delta z.
Proof. intros. apply sum_le. intros. apply ramp_monotone; assumption. Qed.

Lemma staircase_lipschitz : forall N delta y z, (2 <= N)%nat -> 0 < delta ->
  Rabs (staircase N delta z - staircase N delta y) <= (INR N - 1) / delta * Rabs (z - y).
Proof.
  intros N delta y z HN Hd. pose proof (INR_base N HN).
  assert (G : forall y z, y <= z -> staircase N delta z - staircase N delta y <= (INR N - 1) / delta * (z - y)).
  { clear y z. intros y z H'. unfold staircase.
    assert (Hs : sum (N - 1) (fun j => ramp N delta (S j) z) <=
                 sum (N - 1) (fun j => ramp N delta (S j) y + / delta * (z - y))).
    { apply sum_le. intros j _. pose proof (ramp_lipschitz N delta (S j) y z Hd H'). lra. }
    rewrite sum_plus, sum_const, minus_INR in Hs by lia. simpl INR in Hs. unfold Rdiv. lra. }
  destruct (Rle_lt_dec y z) as [Hyz|Hyz].
  - rewrite !Rabs_pos_eq by (pose proof (staircase_monotone N delta y z Hd Hyz); lra). apply G; assumption.
  - rewrite !(Rabs_minus_sym z), (Rabs_minus_sym (staircase N delta z)).
    rewrite !Rabs_pos_eq by (pose proof (staircase_monotone N delta z y Hd ltac:(lra)); lra). apply G; lra.
Qed.

Lemma staircase_continuity : forall N delta, (2 <= N)%nat -> 0 < delta -> continuity (staircase N delta).
Proof.
  intros N delta HN Hd z e He. pose proof (INR_base N HN).
  set (C := (INR N - 1) / delta). assert (HC : 0 < C) by (apply Rdiv_lt_0_compat; lra).
  exists (e / C). split; [apply Rdiv_lt_0_compat; lra|].
  intros y [_ Hy]. simpl in Hy. simpl. unfold R_dist in *.
  apply Rle_lt_trans with (1 := staircase_lipschitz N delta z y HN Hd). fold C.
  replace e with (C * (e / C)) by (field; lra). apply Rmult_lt_compat_l; assumption.
Qed.

(** The fractional coordinate after the digit stays in [0,1]: inside a strip too. *)
Lemma remainder_range : forall N delta z, (2 <= N)%nat -> 0 < delta < / INR N -> 0 <= z <= 1 ->
  0 <= INR N * z - staircase N delta z <= 1.
Proof.
  intros N delta z HN Hd Hz. pose proof (INR_base N HN) as H2.
  assert (HNd : INR N * delta < 1).
  { replace 1 with (INR N * / INR N) by (field; lra). apply Rmult_lt_compat_l; lra. }
  destruct (stretch N z HN Hz) as (k & Hk & Hl & Hr).
  assert (Hl' : INR k <= INR N * z).
  { replace (INR k) with (INR N * (INR k / INR N)) by (field; lra). apply Rmult_le_compat_l; lra. }
  assert (Hr' : INR N * z <= INR k + 1).
  { rewrite <- S_INR. replace (INR (S k)) with (INR N * (INR (S k) / INR N)) by (field; lra).
    apply Rmult_le_compat_l; lra. }
  destruct (Nat.eq_dec (S k) N) as [HkN|HkN].
  - rewrite (staircase_flat N delta k) by (assumption || lra || lia). lra.
  - rewrite (staircase_stretch N delta k) by (assumption || lia || (split; assumption)).
    pose proof (ramp_range N delta (S k) z) as Hramp.
    split; [|lra]. destruct (Rle_lt_dec z (INR (S k) / INR N - delta)) as [Hb|Hb].
    + rewrite ramp_before by lra. lra.
    + rewrite ramp_inside by lra.
      assert (Hg : 0 <= INR (S k) / INR N - z) by lra.
      assert (Hn : INR N * (INR (S k) / INR N - z) = INR k + 1 - INR N * z) by (rewrite S_INR; field; lra).
      assert (Hi : INR N <= / delta).
      { apply Rmult_le_reg_r with delta; [lra|]. rewrite Rinv_l by lra. lra. }
      pose proof (Rmult_le_compat_r _ _ _ Hg Hi). lra.
Qed.

(** ** The statement *)

(** For every base N >= 2 and 0 < delta < 1/N the staircase is continuous and monotone, its values lie in [0, N-1],
    it is the digit k of every z in [k/N, (k+1)/N) outside the strips [j/N - delta, j/N), it is N-1 at z = 1, and
    the next fractional coordinate N z - s(z) lies in [0,1] for every z in [0,1]. *)
Theorem staircase_digit : forall N delta, (2 <= N)%nat -> 0 < delta < / INR N ->
  continuity (staircase N delta) /\
  (forall y z, y <= z -> staircase N delta y <= staircase N delta z) /\
  (forall z, 0 <= staircase N delta z <= INR N - 1) /\
  (forall k z, (k < N)%nat -> INR k / INR N <= z < INR (S k) / INR N ->
    (forall j, (1 <= j < N)%nat -> ~ (INR j / INR N - delta <= z < INR j / INR N)) -> staircase N delta z = INR k) /\
  staircase N delta 1 = INR N - 1 /\
  (forall z, 0 <= z <= 1 -> 0 <= INR N * z - staircase N delta z <= 1).
Proof.
  intros N delta HN Hd. pose proof (INR_base N HN). repeat apply conj.
  - apply staircase_continuity; [assumption|lra].
  - intros. apply staircase_monotone; lra.
  - intros. apply staircase_range; assumption.
  - intros k z Hk Hz Hs. apply staircase_flat; try assumption; try lra.
    intros HkN. specialize (Hs (S k) ltac:(lia)). lra.
  - replace (INR N - 1) with (INR (N - 1)) by (rewrite minus_INR by lia; simpl; lra).
    apply staircase_flat; try assumption; try lra; [lia| |lia].
    rewrite minus_INR by lia. simpl INR. apply Rmult_le_reg_r with (INR N); [lra|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
  - intros. apply remainder_range; assumption.
Qed.
