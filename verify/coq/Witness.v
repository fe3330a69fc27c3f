(** * Tables that show that 2 d, sqrt d and d cannot be lowered

    In the limit of thin corner spikes (Spikes.v, docs/sharpness.md) the error of the cell means comes as close
    as one likes to 2 d omega_1, sqrt d omega_2 and d omega_infinity: the constants of AveragingError.v are the
    least ones. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions Powers Norms Spikes.
Import ListNotations.
Local Open Scope R_scope.

Lemma INR_unbounded : forall a, exists n, a < INR n.
Proof.
  intros a. destruct (archimed a) as [H _]. exists (Z.to_nat (up a)). rewrite INR_IZR_INZ, ZifyInst.of_nat_to_nat_eq.
  eapply Rlt_le_trans; [exact H|]. apply IZR_le. lia.
Qed.

(** p = 1: for every c < 2 d, in every dimension and for every number m of cells a side, there is a step function on some grid
    whose cell means have an error above c times its modulus. *)
Lemma witness_one : forall (d m : nat) (c : R), (1 <= d)%nat -> (1 <= m)%nat -> c < 2 * INR d ->
  exists (n : nat) (f : list nat -> R), (1 <= n)%nat /\
    norm 1 d (m * n) (fun x => f x - cell_mean d n f x) > c * modulus 1 d (m * n) n f.
Proof.
  intros d m c Hd Hm Hc. assert (Hd' : 1 <= INR d) by (apply (le_INR 1); assumption).
  set (a := Rmax c 0). assert (Ha : 0 <= a) by apply Rmax_r. assert (Hca : c <= a) by apply Rmax_l.
  assert (Hgap : 0 < 2 * INR d - a) by (unfold a, Rmax; destruct (Rle_dec c 0); lra).
  destruct (INR_unbounded (2 * INR d * (INR d + 1) / (2 * INR d - a) + 1)) as [n Hn].
  assert (Hq : 0 <= 2 * INR d * (INR d + 1) / (2 * INR d - a))
    by (apply Rmult_le_pos; [nra|left; apply Rinv_0_lt_compat; assumption]).
  assert (Hn1 : (1 <= n)%nat) by (apply INR_le; simpl; lra).
  exists n, spikes. split; [assumption|].
  pose proof (spikes_error_one d m n Hm Hn1) as E.
  pose proof (spikes_modulus 1 d (m * n) n ltac:(lra) ltac:(nia)) as W. rewrite Rinv_1, power_one in W.
  set (M := (m * n)%nat) in *. assert (HM : (n <= M)%nat) by (unfold M; nia).
  assert (HM' : INR n <= INR M) by (apply le_INR; assumption).
  assert (Hi : 0 < / INR M) by (apply Rinv_0_lt_compat; lra). rewrite Rabs_pos_eq in W by lra.
  assert (Hin : / INR M <= / INR n) by (apply Rinv_le_contravar; lra).
  assert (Hw : 0 <= modulus 1 d M n spikes) by apply maximum_nonneg.
  set (w := modulus 1 d M n spikes) in *. set (e := norm 1 d M _) in *.
  (* c w <= a w <= a / M < e *)
  assert (c * w <= a * / INR M) by nra.
  assert (Hsmall : 2 * INR d * (INR d + 1) * / INR n < 2 * INR d - a).
  { apply Rmult_lt_reg_r with (INR n); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    replace (2 * INR d * (INR d + 1)) with (2 * INR d * (INR d + 1) / (2 * INR d - a) * (2 * INR d - a)) by (field; lra).
    nra. }
  assert (Hy : 0 < / INR n) by (apply Rinv_0_lt_compat; lra).
  assert (a < INR M * e).
  { eapply Rlt_le_trans; [|exact E]. set (x := / INR M) in *. set (y := / INR n) in *.
    assert (INR d * x <= INR d * y) by nra. assert (0 <= INR d * x * y) by (repeat apply Rmult_le_pos; lra).
    assert (INR d * (1 - (INR d + 1) * y) <= INR d * ((1 - y) * (1 - INR d * x))); [|lra].
    apply Rmult_le_compat_l; lra. }
  assert (a * / INR M < e); [|lra].
  apply Rmult_lt_reg_r with (INR M); [lra|]. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(** p = 2: the same for every c < sqrt d. *)
Lemma witness_two : forall (d m : nat) (c : R), (1 <= d)%nat -> (1 <= m)%nat -> c < sqrt (INR d) ->
  exists (n : nat) (f : list nat -> R), (1 <= n)%nat /\
    norm 2 d (m * n) (fun x => f x - cell_mean d n f x) > c * modulus 2 d (m * n) n f.
Proof.
  intros d m c Hd Hm Hc. assert (Hd' : 1 <= INR d) by (apply (le_INR 1); assumption).
  set (a := Rmax c 0). assert (Ha : 0 <= a) by apply Rmax_r. assert (Hca : c <= a) by apply Rmax_l.
  assert (Hgap : 0 < INR d - a ^ 2).
  { assert (a < sqrt (INR d)) by (unfold a, Rmax; destruct (Rle_dec c 0); [apply sqrt_lt_R0|]; lra).
    pose proof (pow2_sqrt (INR d) ltac:(lra)). nra. }
  destruct (INR_unbounded (INR d / (INR d - a ^ 2) + 1)) as [n Hn].
  assert (Hq : 0 <= INR d / (INR d - a ^ 2)) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]).
  assert (Hn1 : (1 <= n)%nat) by (apply INR_le; simpl; lra).
  exists n, spikes. split; [assumption|].
  pose proof (mean_rests_two d m n Hm Hn1) as E.
  pose proof (spikes_modulus 2 d (m * n) n ltac:(lra) ltac:(nia)) as W.
  set (M := (m * n)%nat) in *. assert (HM : (1 <= M)%nat) by (unfold M; nia).
  assert (Hi : 0 < / INR M) by (apply Rinv_0_lt_compat, lt_0_INR; lia).
  rewrite norm_two by assumption.
  rewrite (mean_ext d M _ (fun ks => rests n ks ^ 2)) by (intros ks [Hl _]; rewrite spikes_error by assumption; reflexivity).
  rewrite E. rewrite power_pos, Rpower_sqrt in W by assumption.
  assert (Hw : 0 <= modulus 2 d M n spikes) by apply maximum_nonneg.
  apply Rle_lt_trans with (a * sqrt (/ INR M)); [nra|].
  rewrite <- (sqrt_pow2 a) by assumption. rewrite <- sqrt_mult by (try apply pow2_ge_0; lra).
  apply sqrt_lt_1_alt. split; [apply Rmult_le_pos; [apply pow2_ge_0|lra]|]. apply Rmult_lt_compat_r; [assumption|].
  assert (INR d * / INR n < INR d - a ^ 2); [|lra].
  apply Rmult_lt_reg_r with (INR n); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  replace (INR d) with (INR d / (INR d - a ^ 2) * (INR d - a ^ 2)) at 1 by (field; lra). nra.
Qed.

(** p = infinity: the same for every c < d. *)
Lemma witness_sup : forall (d m : nat) (c : R), (1 <= d)%nat -> (1 <= m)%nat -> c < INR d ->
  exists (n : nat) (f : list nat -> R), (1 <= n)%nat /\
    sup_norm d (m * n) (fun x => f x - cell_mean d n f x) > c * sup_modulus d (m * n) n f.
Proof.
  intros d m c Hd Hm Hc. assert (Hd' : 1 <= INR d) by (apply (le_INR 1); assumption).
  set (a := Rmax c 0). assert (Ha : 0 <= a) by apply Rmax_r. assert (Hca : c <= a) by apply Rmax_l.
  assert (Hgap : 0 < INR d - a) by (unfold a, Rmax; destruct (Rle_dec c 0); lra).
  destruct (INR_unbounded (INR d / (INR d - a) + 1)) as [n Hn].
  assert (Hq : 0 <= INR d / (INR d - a)) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]).
  assert (Hn1 : (1 <= n)%nat) by (apply INR_le; simpl; lra).
  exists n, spikes. split; [assumption|].
  pose proof (spikes_sup_modulus d (m * n) n) as W.
  assert (Hw : 0 <= sup_modulus d (m * n) n spikes) by apply maximum_nonneg.
  apply Rle_lt_trans with a; [nra|].
  assert (Hg : grid d (m * n) (repeat 0%nat d)).
  { split; [apply repeat_length|]. apply Forall_forall. intros k Hk. apply repeat_spec in Hk. nia. }
  eapply Rlt_le_trans; [|apply le_sup_norm; exact Hg].
  cbv beta. rewrite spikes_error by (assumption || apply repeat_length). rewrite rests_corner by assumption.
  eapply Rlt_le_trans; [|apply Rle_abs].
  assert (INR d * / INR n < INR d - a); [|lra].
  apply Rmult_lt_reg_r with (INR n); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  replace (INR d) with (INR d / (INR d - a) * (INR d - a)) at 1 by (field; lra). nra.
Qed.
