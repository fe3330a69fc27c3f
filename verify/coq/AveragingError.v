(** * How far a table is from its cell means

    ||f - A f||_p <= d 2^(1/p) omega_p(f, h) for every real p >= 1, with sqrt d for p = 2 and d for p = infinity,
    for tables, A f the cell means, omega_p the modulus along the axes: one coordinate after the other
    (docs/geometric.md, "Constants"). AveragingIntegrals.v and AveragingSup.v say the same about functions. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions Powers Norms BlockMeans AxisMeans.
Local Open Scope R_scope.

(** f - A_j B f = (f - A_j f) + A_j (f - B f), B the means in the coordinates before [j]. *)
Lemma axis_means_split : forall j n v ks, v ks - axis_means (S j) n v ks =
  (v ks - axis_mean j n v ks) + axis_mean j n (fun ks => v ks - axis_means j n v ks) ks.
Proof. intros. cbn [axis_means]. rewrite <- axis_mean_minus. ring. Qed.

Lemma axis_means_error : forall p d m n v j, 1 <= p -> (0 < m)%nat -> (0 < n)%nat -> (j <= d)%nat ->
  norm p d (m * n) (fun ks => v ks - axis_means j n v ks) <= INR j * (Rpower 2 (/ p) * modulus p d (m * n) n v).
Proof.
  intros p d m n v j Hp Hm Hn. assert (0 < m * n)%nat by nia.
  set (w := Rpower 2 (/ p) * modulus p d (m * n) n v). induction j; intros Hj.
  - simpl. rewrite Rmult_0_l. apply norm_le; [lra|assumption|lra|].
    rewrite power_0, (mean_ext d _ _ (fun _ => 0)) by (intros; rewrite Rminus_eq_0; apply power_0).
    rewrite mean_const by assumption. lra.
  - rewrite (norm_ext p d _ _ _ (fun ks _ => axis_means_split j n v ks)), S_INR.
    eapply Rle_trans; [apply minkowski; [lra|assumption]|]. rewrite Rmult_plus_distr_r, Rmult_1_l, Rplus_comm.
    apply Rplus_le_compat.
    + eapply Rle_trans; [apply axis_mean_contracts; try assumption; lia|apply IHj; lia].
    + apply axis_mean_error; try assumption; [apply maximum_nonneg|].
      intros s Hs. apply norm_le_modulus; [lia|assumption].
Qed.

(** For every real p >= 1, every d, m cells and m n fine cells a side: the L^p norm of f - A f, A f the cell means, is at
    most d 2^(1/p) times the modulus of f along the axes for shifts up to the side of a cell. *)
Lemma averaging_error : forall (p : R) (d m n : nat) (f : list nat -> R), 1 <= p -> (1 <= m)%nat -> (1 <= n)%nat ->
  norm p d (m * n) (fun x => f x - cell_mean d n f x) <= INR d * Rpower 2 (/ p) * modulus p d (m * n) n f.
Proof.
  intros p d m n f Hp Hm Hn. rewrite Rmult_assoc.
  rewrite (norm_ext p d _ _ (fun x => f x - axis_means d n f x)).
  - apply axis_means_error; try assumption. lia.
  - intros ks [Hl _]. rewrite cell_mean_axis_means by assumption. reflexivity.
Qed.

Lemma axis_means_error_two : forall d m n v w j, (0 < m)%nat -> (0 < n)%nat -> (j <= d)%nat ->
  (forall i s, (i < d)%nat -> (s < n)%nat -> mean d (m * n) (fun ks => difference (m * n) i (S s) v ks ^ 2) <= w ^ 2) ->
  mean d (m * n) (fun ks => (v ks - axis_means j n v ks) ^ 2) <= INR j * w ^ 2.
Proof.
  intros d m n v w j Hm Hn Hj H. assert (0 < m * n)%nat by nia. induction j.
  - simpl. rewrite (mean_ext d _ _ (fun _ => 0)) by (intros; ring). rewrite mean_const by assumption. lra.
  - rewrite (mean_ext d _ _ (fun ks => (v ks - axis_mean j n v ks
      + axis_mean j n (fun ks => v ks - axis_means j n v ks) ks) ^ 2))
      by (intros; rewrite axis_means_split; reflexivity).
    rewrite axis_mean_pythagoras by (assumption || lia). rewrite S_INR, Rmult_plus_distr_r, Rmult_1_l, Rplus_comm.
    apply Rplus_le_compat.
    + eapply Rle_trans; [|apply IHj; lia].
      set (u := fun ks => v ks - axis_means j n v ks).
      rewrite (mean_ext d _ (fun ks => axis_mean j n u ks ^ 2) (fun ks => power 2 (axis_mean j n u ks)))
        by (intros; symmetry; apply power_two).
      rewrite (mean_ext d _ (fun ks => (v ks - axis_means j n v ks) ^ 2) (fun ks => power 2 (u ks)))
        by (intros; unfold u; symmetry; apply power_two).
      rewrite <- (power_norm 2 d (m * n) u) by (lra || assumption). apply mean_power_le; [lra|assumption|].
      apply axis_mean_contracts; (assumption || lra).
    + apply axis_mean_error_two; try assumption. intros. apply H; [lia|assumption].
Qed.

(** For p = 2 the constant is sqrt d: in one coordinate by the variance, and the d parts of the error are orthogonal. *)
Lemma averaging_error_two : forall (d m n : nat) (f : list nat -> R), (1 <= m)%nat -> (1 <= n)%nat ->
  norm 2 d (m * n) (fun x => f x - cell_mean d n f x) <= sqrt (INR d) * modulus 2 d (m * n) n f.
Proof.
  intros d m n f Hm Hn. assert (0 < m * n)%nat by nia. set (w := modulus 2 d (m * n) n f).
  apply norm_le; [lra|assumption|apply Rmult_le_pos; [apply sqrt_pos|apply maximum_nonneg]|].
  rewrite power_two, Rpow_mult_distr, pow2_sqrt by apply pos_INR.
  rewrite (mean_ext d _ _ (fun x => (f x - axis_means d n f x) ^ 2)).
  2: { intros ks [Hl _]. rewrite cell_mean_axis_means by assumption. apply power_two. }
  apply axis_means_error_two; try assumption; [lia|]. intros i s Hi Hs.
  rewrite (mean_ext d _ _ (fun ks => power 2 (difference (m * n) i (S s) f ks))) by (intros; symmetry; apply power_two).
  rewrite <- (power_two w). apply mean_power_le; [lra|assumption|]. apply norm_le_modulus; assumption.
Qed.

Lemma axis_means_error_sup : forall d m n v w j, (0 < n)%nat -> (j <= d)%nat -> 0 <= w ->
  (forall i s, (i < d)%nat -> (s < n)%nat -> sup_norm d (m * n) (difference (m * n) i (S s) v) <= w) ->
  forall ks, grid d (m * n) ks -> Rabs (v ks - axis_means j n v ks) <= INR j * w.
Proof.
  intros d m n v w j Hn Hj Hw H. induction j; intros ks Hks.
  - simpl. rewrite Rminus_eq_0, Rabs_R0. lra.
  - rewrite axis_means_split, S_INR, Rmult_plus_distr_r, Rmult_1_l, Rplus_comm.
    eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat.
    + rewrite <- Rabs_Ropp, <- Rminus_0_l. apply axis_mean_bound; [assumption|]. intros r Hr.
      rewrite Rminus_0_l, Rabs_Ropp. apply IHj; [lia|].
      apply grid_set; [|assumption]. apply in_block_lt; [assumption|]. apply (grid_nth d); [lia|assumption].
    + apply (axis_mean_error_sup d m); try assumption. intros. apply H; [lia|assumption].
Qed.

(** For p = infinity the constant is d. *)
Lemma averaging_error_sup : forall (d m n : nat) (f : list nat -> R), (1 <= m)%nat -> (1 <= n)%nat ->
  sup_norm d (m * n) (fun x => f x - cell_mean d n f x) <= INR d * sup_modulus d (m * n) n f.
Proof.
  intros d m n f Hm Hn. assert (0 <= sup_modulus d (m * n) n f) by apply maximum_nonneg.
  apply sup_norm_le; [apply Rmult_le_pos; [apply pos_INR|assumption]|]. intros ks Hks.
  rewrite cell_mean_axis_means by (apply Hks || assumption).
  apply (axis_means_error_sup d m); try assumption; [lia|]. intros. apply sup_norm_le_modulus; assumption.
Qed.
