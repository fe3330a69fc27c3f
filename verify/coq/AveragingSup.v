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
  forall i t, (i < d)%nat -> Rabs t <= h -> sup_at_most d (increment i t F) w.

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

Lemma move_cells : forall M t x i, (i < length x)%nat ->
  map (cell M) (move i t x) = set i (cell M (coord i x + t)) (map (cell M) x).
Proof.
  induction x as [|a x]; intros [|i] Hi; cbn [move map set length] in *; try lia; [reflexivity|].
  f_equal. apply IHx. lia.
Qed.

Lemma nth_cells : forall M x i, (i < length x)%nat -> nth i (map (cell M) x) 0%nat = cell M (coord i x).
Proof. induction x; intros [|i] H; simpl in *; try lia; [reflexivity|]. apply IHx. lia. Qed.

Lemma inside_coord : forall d x i, inside d x -> (i < d)%nat -> 0 < coord i x < 1.
Proof. intros d x i [Hl Hx] Hi. rewrite Forall_forall in Hx. apply Hx, nth_In. lia. Qed.

(** Fine cells on a line, at most [n] apart. *)
Lemma sup_modulus_line : forall d M n i b v ks, grid d M ks -> (i < d)%nat -> (b < M)%nat ->
  (b <= nth i ks 0 + n)%nat -> (nth i ks 0 <= b + n)%nat -> Rabs (v (set i b ks) - v ks) <= sup_modulus d M n v.
Proof.
  intros d M n i b v ks Hks Hi Hb H1 H2.
  assert (Hstep : forall ls s, grid d M ls -> (s < n)%nat -> (nth i ls 0 + S s < M)%nat ->
    Rabs (v (set i (nth i ls 0%nat + S s) ls) - v ls) <= sup_modulus d M n v).
  { intros ls s Hls Hs Hlt. eapply Rle_trans; [|apply (sup_norm_le_modulus d M n v i s); assumption].
    eapply Rle_trans; [|apply le_sup_norm; exact Hls]. right. f_equal. unfold difference.
    destruct (Nat.ltb_spec (nth i ls 0%nat + S s) M); [reflexivity|lia]. }
  destruct (lt_eq_lt_dec b (nth i ks 0%nat)) as [[L|E]|L].
  - assert (Hset : set i (nth i ks 0%nat) (set i b ks) = ks) by (rewrite set_set; apply set_nth).
    specialize (Hstep (set i b ks) (nth i ks 0 - b - 1)%nat). rewrite nth_set in Hstep by (destruct Hks; lia).
    replace (b + S (nth i ks 0 - b - 1))%nat with (nth i ks 0%nat) in Hstep by lia. rewrite Hset in Hstep.
    rewrite Rabs_minus_sym. apply Hstep; [apply grid_set; assumption|lia|apply (grid_nth d); assumption].
  - rewrite E, set_nth, Rminus_eq_0, Rabs_R0. apply maximum_nonneg.
  - specialize (Hstep ks (b - nth i ks 0 - 1)%nat Hks).
    replace (nth i ks 0 + S (b - nth i ks 0 - 1))%nat with b in Hstep by lia. apply Hstep; lia.
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
    apply sup_step; [assumption..|]. intros x Hx. pose proof (inside_coord d x i Hx Hi) as Hc.
    assert (Hs' : INR (S s) <= INR n) by (apply le_INR; lia). pose proof (pos_INR (S s)) as Hp.
    set (t := INR (S s) / INR (m * n)). assert (E : INR (m * n) * t = INR (S s)) by (unfold t; field; lra).
    assert (Ht : 0 <= t) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; assumption]).
    pose proof (cell_spec (m * n) (coord i x) HM ltac:(lra)) as A.
    set (k := cell (m * n) (coord i x)) in *.
    assert (Ecell : cell (m * n) (coord i x + t) = (k + S s)%nat)
      by (apply cell_eq; rewrite plus_INR, Rmult_plus_distr_l, E; lra).
    destruct Hx as [Hl Hx]. unfold step, difference. rewrite nth_cells by lia. fold k.
    destruct (Nat.ltb_spec (k + S s) (m * n)) as [L|L]; [|rewrite Rabs_R0; assumption].
    specialize (H i t Hi). unfold increment in H. rewrite Rabs_pos_eq in H by assumption.
    specialize (H ltac:(apply Rmult_le_reg_l with (INR (m * n)); lra) x (conj Hl Hx)).
    apply le_INR in L. rewrite S_INR, plus_INR in L.
    unfold step in H. rewrite move_cells, Ecell in H by lia. revert H.
    destruct (Rlt_dec 0 (coord i x + t)); [|lra]. destruct (Rlt_dec (coord i x + t) 1); [|exfalso; nra]. trivial.
  - intros i t Hi Ht x Hx. pose proof (inside_coord d x i Hx Hi) as Hc. unfold increment.
    destruct (Rlt_dec 0 (coord i x + t)) as [L0|]; [|rewrite Rabs_R0; assumption].
    destruct (Rlt_dec (coord i x + t) 1) as [L1|]; [|rewrite Rabs_R0; assumption].
    pose proof (cell_spec (m * n) (coord i x) HM ltac:(lra)) as A.
    pose proof (cell_spec (m * n) (coord i x + t) HM ltac:(lra)) as B. rewrite Rmult_plus_distr_l in B.
    assert (C : - INR n <= INR (m * n) * t <= INR n).
    { rewrite <- Hh. unfold Rabs in Ht. destruct (Rcase_abs t); split; nra. }
    eapply Rle_trans; [|exact H]. unfold step. destruct Hx as [Hl Hx]. rewrite move_cells by lia.
    apply sup_modulus_line; try assumption; [apply (inside_grid d); [assumption|split; assumption]|apply cell_lt; [assumption|lra]| |];
      rewrite nth_cells by lia; apply Nat.lt_succ_r, INR_lt; rewrite S_INR, plus_INR; lra.
Qed.

(** p = infinity, every d and every step function f on the cube: if omega_infinity(f, 1/m) <= w, for shifts along the axes,
    then the means of f over the cells of side 1/m are within d w of f everywhere inside of the cube. *)
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

(** p = infinity, every d >= 1 and m >= 1: no constant c < d will do. There are a step function f and a bound w of
    omega_infinity(f, 1/m) (for all real shifts along the axes, not for shifts in other directions) such that the means
    over the cells of side 1/m are somewhere farther than c w from f. *)
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
