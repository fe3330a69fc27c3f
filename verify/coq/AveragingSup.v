(** * How far a step function is from its cell means, in L^infinity

    The case p = infinity of AveragingIntegrals.v: |f - A f| <= d omega_infinity(f, h) inside of the cube, for
    every step function f; and d cannot be lowered. *)

From Coq Require Import Reals List Arith Lia Lra.
From Approxcert Require Import Sums StepFunctions BlockMeans AxisMeans AveragingError Witness StepIntegrals AveragingIntegrals.
Import ListNotations.
Local Open Scope R_scope.

(** |F| <= w inside of the cube. *)
Definition sup_at_most (d : nat) (F : list R -> R) (w : R) : Prop := forall x, inside d x -> Rabs (F x) <= w.

(** omega_infinity(F, h) <= w, along the axes. *)
Definition sup_modulus_at_most (d : nat) (h : R) (F : list R -> R) (w : R) : Prop :=
  forall i t, (i < d)%nat -> 0 <= t <= h -> sup_at_most d (increment i t F) w.

Lemma inside_grid : forall d M x, (0 < M)%nat -> inside d x -> grid d M (map (cell M) x).
Proof.
  intros d M x HM [Hl Hx]. split; [rewrite map_length; assumption|]. clear Hl.
  induction Hx; [constructor|]. constructor; [apply cell_lt|]; assumption.
Qed.

(** The middle of a fine cell. *)
Definition middle (M k : nat) : R := (INR k + / 2) / INR M.

Lemma middle_cell : forall M k, (k < M)%nat -> 0 < middle M k < 1 /\ cell M (middle M k) = k.
Proof.
  intros M k Hk. assert (HM : 0 < INR M) by (apply lt_0_INR; lia). pose proof (pos_INR k).
  assert (INR k + 1 <= INR M) by (rewrite <- S_INR; apply le_INR; lia).
  assert (E : INR M * middle M k = INR k + / 2) by (unfold middle; field; lra).
  split; [split; nra|]. apply cell_eq. lra.
Qed.

Lemma middles : forall d M ks, grid d M ks -> inside d (map (middle M) ks) /\ map (cell M) (map (middle M) ks) = ks.
Proof.
  intros d M ks [Hl Hk]. rewrite map_map. split; [split; [rewrite map_length; assumption|]|].
  - clear Hl. induction Hk; [constructor|]. constructor; [apply middle_cell|]; assumption.
  - clear Hl. induction Hk; [reflexivity|]. cbn [map]. f_equal; [apply middle_cell|]; assumption.
Qed.

Lemma sup_step : forall d M v w, (0 < M)%nat -> 0 <= w -> sup_at_most d (step M v) w <-> sup_norm d M v <= w.
Proof.
  intros d M v w HM Hw. split; intros H.
  - apply sup_norm_le; [assumption|]. intros ks Hks. destruct (middles d M ks Hks) as [Hin E].
    specialize (H _ Hin). unfold step in H. rewrite E in H. exact H.
  - intros x Hx. eapply Rle_trans; [|exact H]. apply le_sup_norm, inside_grid; assumption.
Qed.

Lemma move_cells : forall M t x i r, (i < length x)%nat -> cell M (coord i x + t) = (cell M (coord i x) + r)%nat ->
  map (cell M) (move i t x) = set i (nth i (map (cell M) x) 0%nat + r) (map (cell M) x).
Proof.
  induction x as [|a x]; intros [|i] r Hi H; cbn [move map set nth length coord] in *; try lia.
  - unfold coord in H. cbn [nth] in H. rewrite H. reflexivity.
  - f_equal. apply IHx; [lia|exact H].
Qed.

Lemma nth_cells : forall M x i, (i < length x)%nat -> nth i (map (cell M) x) 0%nat = cell M (coord i x).
Proof. induction x; intros [|i] H; simpl in *; try lia; [reflexivity|]. apply IHx. lia. Qed.

Lemma inside_coord : forall d x i, inside d x -> (i < d)%nat -> 0 < coord i x < 1.
Proof. intros d x i [Hl Hx] Hi. rewrite Forall_forall in Hx. apply Hx, nth_In. lia. Qed.

(** A shift that moves the cell of x_i by [r] gives a difference of the table. *)
Lemma increment_step : forall d M i t v x r, (0 < M)%nat -> inside d x -> (i < d)%nat -> 0 <= t ->
  cell M (coord i x + t) = (cell M (coord i x) + r)%nat ->
  increment i t (step M v) x = step M (difference M i r v) x.
Proof.
  intros d M i t v x r HM Hx Hi Ht H. pose proof (inside_coord d x i Hx Hi) as Hc. destruct Hx as [Hl Hx].
  assert (HM' : 0 < INR M) by (apply lt_0_INR; assumption).
  unfold increment, step at 3, difference. rewrite nth_cells by lia. rewrite <- H.
  pose proof (cell_spec M (coord i x + t) HM ltac:(lra)) as S.
  destruct (Rlt_dec (coord i x + t) 1) as [L|L]; destruct (Nat.ltb_spec (cell M (coord i x + t)) M) as [L'|L'].
  - unfold step. rewrite (move_cells M t x i r) by (assumption || lia). rewrite nth_cells, <- H by lia. reflexivity.
  - exfalso. apply le_INR in L'. nra.
  - exfalso. apply le_INR in L'. rewrite S_INR in L'. nra.
  - reflexivity.
Qed.

Lemma sup_modulus_real : forall d m n v w, (0 < m)%nat -> (0 < n)%nat -> 0 <= w ->
  sup_modulus_at_most d (/ INR m) (step (m * n) v) w <-> sup_modulus d (m * n) n v <= w.
Proof.
  intros d m n v w Hm Hn Hw. assert (HM : (0 < m * n)%nat) by nia.
  assert (Hm' : 0 < INR m) by (apply lt_0_INR; assumption). assert (Hn' : 0 < INR n) by (apply lt_0_INR; assumption).
  assert (HMr : 0 < INR (m * n)) by (apply lt_0_INR; assumption).
  assert (Hh : INR (m * n) * / INR m = INR n) by (rewrite mult_INR; field; lra).
  split; intros H.
  - apply maximum_le; [assumption|]. intros i Hi. apply maximum_le; [assumption|]. intros s Hs.
    apply sup_step; [assumption..|]. intros x Hx.
    assert (Hs' : INR (S s) <= INR n) by (apply le_INR; lia). pose proof (pos_INR (S s)) as Hp.
    assert (E : INR (m * n) * (INR (S s) / INR (m * n)) = INR (S s)) by (field; lra).
    assert (Ht : 0 <= INR (S s) / INR (m * n)) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]).
    rewrite <- (increment_step d (m * n) i (INR (S s) / INR (m * n))); try assumption.
    + apply H; [assumption| |assumption]. split; [assumption|]. apply Rmult_le_reg_l with (INR (m * n)); lra.
    + pose proof (inside_coord d x i Hx Hi) as Hc. pose proof (cell_spec (m * n) (coord i x) HM ltac:(lra)).
      apply cell_eq. rewrite plus_INR, Rmult_plus_distr_l, E. lra.
  - intros i t Hi Ht x Hx. pose proof (inside_coord d x i Hx Hi) as Hc.
    pose proof (cell_spec (m * n) (coord i x) HM ltac:(lra)) as A.
    pose proof (cell_spec (m * n) (coord i x + t) HM ltac:(lra)) as B. rewrite Rmult_plus_distr_l in B.
    set (a := cell (m * n) (coord i x)) in *. set (b := cell (m * n) (coord i x + t)) in *.
    assert (INR (m * n) * t <= INR n) by (rewrite <- Hh; apply Rmult_le_compat_l; lra).
    assert (0 <= INR (m * n) * t) by nra.
    assert (a < b + 1)%nat by (apply INR_lt; rewrite plus_INR; simpl (INR 1); lra).
    assert (b < a + n + 1)%nat by (apply INR_lt; rewrite !plus_INR; simpl (INR 1); lra).
    rewrite (increment_step d _ i t v x (b - a)) by (assumption || lra || (fold a b; lia)).
    destruct (b - a)%nat as [|s] eqn:Es.
    + unfold step, difference. rewrite Nat.add_0_r, set_nth, Rminus_eq_0.
      destruct (_ <? _)%nat; rewrite Rabs_R0; assumption.
    + eapply Rle_trans; [|exact H]. eapply Rle_trans; [|apply (sup_norm_le_modulus d _ n v i s); lia].
      apply le_sup_norm, inside_grid; assumption.
Qed.

(** p = infinity, every d and every step function f on the cube: if omega_infinity(f, 1/m) <= w, then the means of f over the
    cells of side 1/m are within d w of f everywhere. *)
Theorem averaging_sup : forall (d m n : nat) (v : list nat -> R) (w : R),
  let f := step (m * n) v in
  (1 <= m)%nat -> (1 <= n)%nat -> 0 <= w ->
  sup_modulus_at_most d (/ INR m) f w ->
  sup_at_most d (fun x => f x - average d m f x) (INR d * w).
Proof.
  intros d m n v w f Hm Hn Hw H. apply sup_modulus_real in H; try assumption. intros x Hx.
  unfold f. rewrite average_step by assumption.
  eapply Rle_trans; [apply (le_sup_norm d (m * n) (fun ks => v ks - cell_mean d n v ks));
    apply inside_grid; [nia|exact Hx]|].
  eapply Rle_trans; [apply averaging_error_sup; assumption|].
  apply Rmult_le_compat_l; [apply pos_INR|assumption].
Qed.

(** p = infinity: no constant c < d will do. *)
Theorem constant_sup_is_least : forall (d m : nat) (c : R), (1 <= d)%nat -> (1 <= m)%nat -> c < INR d ->
  exists (n : nat) (v : list nat -> R) (w : R), let f := step (m * n) v in
    sup_modulus_at_most d (/ INR m) f w /\ ~ sup_at_most d (fun x => f x - average d m f x) (c * w).
Proof.
  intros d m c Hd Hm Hc. destruct (witness_sup d m c Hd Hm Hc) as [n [v [Hn H]]].
  assert (HM : (0 < m * n)%nat) by nia. assert (Hw : 0 <= sup_modulus d (m * n) n v) by apply maximum_nonneg.
  exists n, v, (sup_modulus d (m * n) n v). split; [apply sup_modulus_real; try assumption; lra|]. intros Hs.
  assert (Hle : sup_norm d (m * n) (fun ks => v ks - cell_mean d n v ks) <= c * sup_modulus d (m * n) n v); [|lra].
  assert (E : forall x, inside d x -> Rabs (step (m * n) (fun ks => v ks - cell_mean d n v ks) x) <=
    c * sup_modulus d (m * n) n v).
  { intros x Hx. specialize (Hs x Hx). cbv beta in Hs. rewrite average_step in Hs by assumption. exact Hs. }
  apply sup_step; [assumption| |exact E].
  destruct (middles d (m * n) (repeat 0%nat d)) as [Hin _].
  - split; [apply repeat_length|]. apply Forall_forall. intros k Hk. apply repeat_spec in Hk. lia.
  - eapply Rle_trans; [apply Rabs_pos|apply (E _ Hin)].
Qed.
