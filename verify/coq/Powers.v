(** * Powers |t|^p for real p >= 1: convexity

    All of it comes from exp x >= 1 + x: first Bernoulli's t^p >= 1 + p (t - 1), then the tangent line at any
    point, then the inequality of Jensen for finite means. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions.
Local Open Scope R_scope.

(** ** Plain facts *)

Lemma power_0 : forall p, power p 0 = 0.
Proof. intros. unfold power. destruct (Req_EM_T 0 0); [reflexivity|contradiction]. Qed.

Lemma power_pos : forall p t, 0 < t -> power p t = Rpower t p.
Proof.
  intros. unfold power. destruct (Req_EM_T t 0); [lra|]. rewrite Rabs_pos_eq by lra. reflexivity.
Qed.

Lemma power_gt_0 : forall p t, 0 < t -> 0 < power p t.
Proof. intros. rewrite power_pos by assumption. apply exp_pos. Qed.

Lemma power_nonneg : forall p t, 0 <= power p t.
Proof. intros. unfold power. destruct (Req_EM_T t 0); [lra|left; apply exp_pos]. Qed.

Lemma power_abs : forall p t, power p (Rabs t) = power p t.
Proof.
  intros. unfold power. destruct (Req_EM_T t 0) as [->|Ht].
  - rewrite Rabs_R0. destruct (Req_EM_T 0 0); [reflexivity|contradiction].
  - destruct (Req_EM_T (Rabs t) 0) as [E|_]; [apply Rabs_no_R0 in Ht; contradiction|].
    rewrite Rabs_Rabsolu. reflexivity.
Qed.

Lemma power_opp : forall p t, power p (- t) = power p t.
Proof. intros. rewrite <- power_abs, Rabs_Ropp. apply power_abs. Qed.

Lemma power_mult : forall p s t, power p (s * t) = power p s * power p t.
Proof.
  intros. rewrite <- (power_abs p s), <- (power_abs p t), <- power_abs, Rabs_mult.
  destruct (Rabs_pos s) as [Hs|<-]; [|rewrite Rmult_0_l, !power_0; ring].
  destruct (Rabs_pos t) as [Ht|<-]; [|rewrite Rmult_0_r, !power_0; ring].
  rewrite !power_pos by (try assumption; apply Rmult_lt_0_compat; assumption).
  symmetry. apply Rpower_mult_distr; assumption.
Qed.

Lemma power_le : forall p s t, 0 <= p -> 0 <= s <= t -> power p s <= power p t.
Proof.
  intros p s t Hp [Hs Ht]. destruct Hs as [Hs|<-]; [|rewrite power_0; apply power_nonneg].
  rewrite !power_pos by lra. apply Rle_Rpower_l; lra.
Qed.

Lemma power_le_abs : forall p s t, 0 <= p -> Rabs s <= t -> power p s <= power p t.
Proof. intros. rewrite <- power_abs. apply power_le; [assumption|]. split; [apply Rabs_pos|assumption]. Qed.

(** The p-th root undoes the p-th power, and the other way round. *)
Lemma power_root : forall p t, 0 < p -> 0 <= t -> power (/ p) (power p t) = t.
Proof.
  intros p t Hp [Ht|<-]; [|rewrite !power_0; reflexivity].
  rewrite (power_pos (/ p)) by (apply power_gt_0; assumption). rewrite power_pos by assumption.
  rewrite Rpower_mult, Rinv_r by lra. apply Rpower_1. assumption.
Qed.

Lemma root_power : forall p t, 0 < p -> 0 <= t -> power p (power (/ p) t) = t.
Proof.
  intros. rewrite <- (Rinv_inv p) at 1. apply power_root; [apply Rinv_0_lt_compat|]; assumption.
Qed.

Lemma power_one : forall t, power 1 t = Rabs t.
Proof.
  intros. rewrite <- power_abs. destruct (Rabs_pos t) as [Ht|<-]; [|apply power_0].
  rewrite power_pos by assumption. apply Rpower_1. assumption.
Qed.

Lemma power_two : forall t, power 2 t = t ^ 2.
Proof.
  intros. rewrite <- power_abs, <- pow2_abs. destruct (Rabs_pos t) as [Ht|<-]; [|rewrite power_0; simpl; ring].
  rewrite power_pos by assumption. replace 2 with (INR 2) at 1 by (simpl; ring). apply Rpower_pow. assumption.
Qed.

(** ** Convexity *)

Lemma bernoulli : forall p t, 1 <= p -> 0 <= t -> 1 + p * (t - 1) <= power p t.
Proof.
  intros p t Hp [Ht|<-]; [|rewrite power_0; lra].
  rewrite power_pos by assumption. set (u := Rpower t p). assert (0 < u) by apply exp_pos.
  set (m := (u - 1) / p + 1).
  assert (Hm : p * m = u - 1 + p) by (unfold m; field; lra).
  assert (0 < m) by nra.
  (* ln t <= ln m, where t^p = u: the weighted geometric mean of u and 1 is below the arithmetic one. *)
  assert (Hln : forall z, 0 < z -> ln z <= z - 1).
  { intros z Hz. pose proof (exp_ineq1_le (ln z)) as E. rewrite exp_ln in E by assumption. lra. }
  assert (Hu : ln u = p * ln t) by (unfold u, Rpower; apply ln_exp).
  pose proof (Hln (u / m) ltac:(apply Rdiv_lt_0_compat; assumption)) as E1.
  pose proof (Hln (1 / m) ltac:(apply Rdiv_lt_0_compat; lra)) as E2.
  unfold Rdiv in E1, E2. rewrite ln_mult in E1, E2 by (try apply Rinv_0_lt_compat; lra).
  rewrite ln_Rinv in E1, E2 by assumption. rewrite ln_1 in E2.
  assert (E : u * / m + (p - 1) * (1 * / m) = p).
  { replace (u * / m + (p - 1) * (1 * / m)) with ((u - 1 + p) * / m) by ring.
    rewrite <- Hm. field. lra. }
  assert (p * ln t <= p * ln m) by nra.
  assert (ln t <= ln m) by (apply Rmult_le_reg_l with p; lra).
  assert (t <= m) by (destruct (Rle_lt_dec t m) as [|L]; [assumption|]; apply ln_increasing in L; lra).
  nra.
Qed.

(** |t|^p lies above its tangent at [c]. *)
Lemma tangent : forall p c t, 1 <= p -> 0 < c -> 0 <= t ->
  power p c + p * (power p c / c) * (t - c) <= power p t.
Proof.
  intros. replace t with (c * (t / c)) at 2 by (field; lra). rewrite power_mult.
  assert (0 <= t / c) by (apply Rmult_le_pos; [assumption|left; apply Rinv_0_lt_compat; assumption]).
  pose proof (bernoulli p (t / c) ltac:(assumption) ltac:(assumption)).
  pose proof (power_gt_0 p c ltac:(assumption)).
  replace (power p c + p * (power p c / c) * (t - c)) with (power p c * (1 + p * (t / c - 1))) by (field; lra).
  apply Rmult_le_compat_l; lra.
Qed.

(** Convexity on two points. *)
Lemma power_convex : forall p a b s t, 1 <= p -> 0 <= a -> 0 <= b -> a + b = 1 -> 0 <= s -> 0 <= t ->
  power p (a * s + b * t) <= a * power p s + b * power p t.
Proof.
  intros p a b s t Hp Ha Hb Hab Hs Ht. pose proof (power_nonneg p s). pose proof (power_nonneg p t).
  assert (Hc : 0 <= a * s + b * t) by nra.
  destruct Hc as [Hc|Hc]; [|rewrite <- Hc, power_0; nra].
  set (c := a * s + b * t) in *.
  pose proof (tangent p c s Hp Hc Hs) as E1. pose proof (tangent p c t Hp Hc Ht) as E2.
  set (q := p * (power p c / c)) in *.
  apply (Rmult_le_compat_l a) in E1; [|assumption]. apply (Rmult_le_compat_l b) in E2; [|assumption].
  replace (power p c) with (a * (power p c + q * (s - c)) + b * (power p c + q * (t - c))); [lra|].
  transitivity ((a + b) * power p c + q * (a * s + b * t - (a + b) * c)); [ring|]. rewrite Hab. unfold c. ring.
Qed.

(** Jensen: |mean|^p is at most the mean of |.|^p. *)
Lemma jensen : forall p n z, 1 <= p -> (0 < n)%nat ->
  INR n * power p (sum n z / INR n) <= sum n (fun i => power p (z i)).
Proof.
  intros p n z Hp Hn. assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  set (c := sum n (fun i => Rabs (z i)) / INR n).
  assert (Hsum : sum n (fun i => Rabs (z i)) = INR n * c) by (unfold c; field; lra).
  assert (Hz : Rabs (sum n z / INR n) <= c).
  { unfold Rdiv. rewrite Rabs_mult, (Rabs_pos_eq (/ INR n)) by (left; apply Rinv_0_lt_compat; assumption).
    unfold c, Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption|apply sum_abs]. }
  apply Rle_trans with (INR n * power p c).
  { apply Rmult_le_compat_l; [lra|]. apply power_le_abs; [lra|assumption]. }
  assert (Hc : 0 <= c) by (eapply Rle_trans; [apply Rabs_pos|exact Hz]).
  destruct Hc as [Hc|Hc].
  - apply Rle_trans with (sum n (fun i => power p c + p * (power p c / c) * (Rabs (z i) - c))).
    + rewrite (sum_ext n _ (fun i => (power p c - p * (power p c / c) * c) + p * (power p c / c) * Rabs (z i)))
        by (intros; ring).
      rewrite sum_plus, sum_const, sum_scale, Hsum. right. ring.
    + apply sum_le. intros. rewrite <- (power_abs p (z i)). apply tangent; [lra|lra|apply Rabs_pos].
  - rewrite <- Hc, power_0, Rmult_0_r. apply sum_nonneg. intros; apply power_nonneg.
Qed.
