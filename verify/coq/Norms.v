(** * The L^p norm of step functions: the triangle inequality

    Minkowski's inequality for real p >= 1 and finite sums, and what the norm is for p = 1 and p = 2. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions Powers.
Local Open Scope R_scope.

Lemma norm_one : forall d M v, (0 < M)%nat -> norm 1 d M v = mean d M (fun ks => Rabs (v ks)).
Proof.
  intros. unfold norm. rewrite Rinv_1, power_one.
  rewrite (mean_ext d M _ (fun ks => Rabs (v ks))) by (intros; apply power_one).
  apply Rabs_pos_eq, mean_nonneg; [assumption|]. intros; apply Rabs_pos.
Qed.

Lemma norm_two : forall d M v, (0 < M)%nat -> norm 2 d M v = sqrt (mean d M (fun ks => v ks ^ 2)).
Proof.
  intros. unfold norm.
  rewrite (mean_ext d M _ (fun ks => v ks ^ 2)) by (intros; apply power_two).
  assert (H0 : 0 <= mean d M (fun ks => v ks ^ 2)) by (apply mean_nonneg; [assumption|]; intros; apply pow2_ge_0).
  destruct H0 as [H0|<-]; [|rewrite power_0, sqrt_0; reflexivity].
  rewrite power_pos by assumption. rewrite Rpower_sqrt by assumption. reflexivity.
Qed.

Lemma norm_nonneg : forall p d M v, 0 <= norm p d M v.
Proof. intros. apply power_nonneg. Qed.

Lemma mean_power_nonneg : forall p d M v, (0 < M)%nat -> 0 <= mean d M (fun ks => power p (v ks)).
Proof. intros. apply mean_nonneg; [assumption|]. intros; apply power_nonneg. Qed.

(** The p-th power of the norm is the integral. *)
Lemma power_norm : forall p d M v, 0 < p -> (0 < M)%nat ->
  power p (norm p d M v) = mean d M (fun ks => power p (v ks)).
Proof. intros. apply root_power; [assumption|]. apply mean_power_nonneg. assumption. Qed.

Lemma norm_le : forall p d M v w, 0 < p -> (0 < M)%nat -> 0 <= w ->
  mean d M (fun ks => power p (v ks)) <= power p w -> norm p d M v <= w.
Proof.
  intros. unfold norm. rewrite <- (power_root p w) by assumption.
  apply power_le; [left; apply Rinv_0_lt_compat; assumption|].
  split; [apply mean_power_nonneg|]; assumption.
Qed.

Lemma mean_power_le : forall p d M v w, 0 < p -> (0 < M)%nat -> norm p d M v <= w ->
  mean d M (fun ks => power p (v ks)) <= power p w.
Proof.
  intros. rewrite <- power_norm by assumption. apply power_le; [lra|]. split; [apply norm_nonneg|assumption].
Qed.

Lemma norm_ext : forall p d M v u, (forall ks, grid d M ks -> v ks = u ks) -> norm p d M v = norm p d M u.
Proof.
  intros p d M v u H. unfold norm. f_equal. apply mean_ext. intros. rewrite H by assumption. reflexivity.
Qed.

Lemma norm_le_mean : forall p d M v u, 0 < p -> (0 < M)%nat ->
  mean d M (fun ks => power p (v ks)) <= mean d M (fun ks => power p (u ks)) -> norm p d M v <= norm p d M u.
Proof.
  intros. apply norm_le; try assumption; [apply norm_nonneg|]. rewrite power_norm; assumption.
Qed.

(** |a + b|^p, where |a| is measured by s > 0 and |b| by t > 0. *)
Lemma power_split : forall p a b s t, 1 <= p -> 0 < s -> 0 < t ->
  power p (a + b) <= power p (s + t) * (s / (s + t) * (power p a / power p s) + t / (s + t) * (power p b / power p t)).
Proof.
  intros p a b s t Hp Hs Ht.
  assert (Hst : 0 < s + t) by lra.
  assert (Hdiv : forall x y, 0 < y -> power p x / power p y = power p (Rabs x / y)).
  { intros x y Hy. rewrite <- (power_abs p x). pose proof (power_gt_0 p y Hy).
    replace (Rabs x) with (Rabs x / y * y) at 1 by (field; lra). rewrite power_mult. field. lra. }
  rewrite !Hdiv by assumption.
  assert (Hq : forall x y, 0 < y -> 0 <= Rabs x / y).
  { intros. apply Rmult_le_pos; [apply Rabs_pos|left; apply Rinv_0_lt_compat; assumption]. }
  apply Rle_trans with (power p (s + t) * power p (s / (s + t) * (Rabs a / s) + t / (s + t) * (Rabs b / t))).
  - rewrite <- power_mult. apply power_le_abs; [lra|].
    replace ((s + t) * (s / (s + t) * (Rabs a / s) + t / (s + t) * (Rabs b / t))) with (Rabs a + Rabs b)
      by (field; lra).
    apply Rabs_triang.
  - apply Rmult_le_compat_l; [apply power_nonneg|].
    apply power_convex; try apply Hq; try lra;
      try (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]).
    field. lra.
Qed.

Lemma minkowski : forall p d M v u, 1 <= p -> (0 < M)%nat ->
  norm p d M (fun ks => v ks + u ks) <= norm p d M v + norm p d M u.
Proof.
  intros p d M v u Hp HM. apply le_epsilon. intros e He.
  pose proof (norm_nonneg p d M v) as Hv. pose proof (norm_nonneg p d M u) as Hu.
  set (s := norm p d M v + e / 2). set (t := norm p d M u + e / 2).
  assert (Hs : 0 < s) by (unfold s; lra). assert (Ht : 0 < t) by (unfold t; lra).
  replace (norm p d M v + norm p d M u + e) with (s + t) by (unfold s, t; field).
  apply norm_le; [lra|assumption|lra|].
  set (c := fun y => power p (s + t) * (y / (s + t) / power p y)).
  eapply Rle_trans; [apply mean_le; [assumption|]; intros ks _; apply (power_split p (v ks) (u ks) s t); assumption|].
  rewrite (mean_ext d M _ (fun ks => c s * power p (v ks) + c t * power p (u ks)))
    by (intros; unfold c, Rdiv; ring).
  rewrite mean_plus, !mean_scale.
  pose proof (mean_power_le p d M v s ltac:(lra) HM ltac:(unfold s; lra)) as Ev.
  pose proof (mean_power_le p d M u t ltac:(lra) HM ltac:(unfold t; lra)) as Eu.
  assert (Hc : forall y, 0 < y -> 0 <= c y).
  { intros. unfold c, Rdiv. repeat apply Rmult_le_pos; try apply power_nonneg; try lra;
      left; apply Rinv_0_lt_compat; [lra|apply power_gt_0; assumption]. }
  apply (Rmult_le_compat_l (c s)) in Ev; [|apply Hc; assumption].
  apply (Rmult_le_compat_l (c t)) in Eu; [|apply Hc; assumption].
  apply Rle_trans with (c s * power p s + c t * power p t); [lra|].
  right. unfold c. pose proof (power_gt_0 p s Hs). pose proof (power_gt_0 p t Ht). field. lra.
Qed.
