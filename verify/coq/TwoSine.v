(** * The two-sine decoder: networks whose tables are the values of gamma sin(w sin(1 + J)) + mid

    constructs/two_sine.py; docs/geometric.md, decoders (statement of the network: arXiv 2604.20219). Level t of a
    geometric network with floor digits adds mid_t + gamma_t sin(w_t sin(1 + J)) on the cell number J, with one integer
    w_t. That suitable integers exist is Kronecker's theorem, and they are found by lattice reduction: neither is
    needed here. What is proved: whatever integers w_t pass the finite list of inequalities

      |sin(w_t sin(1 + J)) - (value aimed at on the cell J)| <= tolerance_t / gamma_t,   J = 0, ..., N^(td) - 1,

    give a network that is near f on the whole closed cube, at every level. TwoSineExample.v passes the list for one
    literal network. *)

From Coq Require Import Reals QArith Qreals Qabs ZArith List Lia Lra.
From Approxcert Require Import Sums Network Levels LevelsShape Cells FloorDigits Offsets Sub Prune
  GeometricLipschitz.
Import ListNotations.
Local Open Scope R_scope.

(** ** The decoder *)

(** The three numbers of one level. *)
Record sines := Sines { mid : Q; gamma : Q; weight : Z }.

(** What they decode on the cell number J. *)
Definition sine_value (s : sines) (J : Z) : R :=
  Q2R (mid s) + Q2R (gamma s) * sin (IZR (weight s) * sin (1 + IZR J)).

(** Two neurons, I = sin(1 + J) and O = sin(w I), from an affine form that is J; none for w = 0, where all cells get
    the same value. *)
Definition sine_decoder (index : affine Q) (s : sines) : decoder :=
  if (weight s =? 0)%Z then constant_decoder (mid s) else
  Decoder [Act Sine (Affine (terms index) (bias index + 1)%Q)]
          [Act Sine (Affine [(0%nat, inject_Z (weight s))] 0%Q)]
          (Affine [(0%nat, gamma s)] (mid s)).

Lemma sine_decoded : forall index s v J, affine_eval (real_affine index) v = IZR J ->
  decoded (sine_decoder index s) v = sine_value s J.
Proof.
  intros index s v J H. unfold sine_decoder, sine_value.
  destruct (Z.eqb_spec (weight s) 0) as [->|_]; unfold decoded, affine_eval;
    cbn [correction inner outer constant_decoder real_affine real_layer map_affine terms bias map fst snd
         terms_eval layer_eval map_neuron neuron_eval activate].
  - rewrite Rmult_0_l, sin_0. lra.
  - unfold affine_eval in *; cbn [terms bias map fst snd terms_eval map_affine real_affine] in *.
    unfold coord; cbn [nth].
    rewrite Q2R_plus, Q2R_inject_Z, Q2R_0, Q2R_1, <- Rplus_assoc, H, !Rplus_0_r, (Rplus_comm (IZR J)). lra.
Qed.

(** Values stay within |mid| + |gamma|, whatever the index; for w = 0 within |mid|. *)
Definition sine_bound (s : sines) : Q :=
  if (weight s =? 0)%Z then Qabs (mid s) else (Qabs (mid s) + Qabs (gamma s))%Q.

Lemma sine_value_bounded : forall s J, Rabs (sine_value s J) <= Q2R (sine_bound s).
Proof.
  intros. unfold sine_bound, sine_value. destruct (Z.eqb_spec (weight s) 0) as [->|_].
  { rewrite Rmult_0_l, sin_0, Q2R_abs. right. f_equal. ring. }
  rewrite Q2R_plus, !Q2R_abs.
  eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat_l. rewrite Rabs_mult.
  rewrite <- (Rmult_1_r (Rabs (Q2R (gamma s)))) at 2. apply Rmult_le_compat_l; [apply Rabs_pos|].
  apply Rabs_le, SIN_bound.
Qed.

Lemma sine_decoder_wf : forall w index s, reads_below w index -> decoder_wf w (sine_decoder index s).
Proof.
  intros w index s H. unfold sine_decoder. destruct (weight s =? 0)%Z; repeat split; repeat constructor; auto.
Qed.

(** ** The network *)

(** d coordinates, base N, L levels, [v0] on level 0, the decoder [s t] on level t = 1, ..., L; floor digits.
    (Where w_t = 0 nothing reads the floors of level t: see [sine_network_pruned].) *)
Definition sine_plan (d N L : nat) (v0 : Q) (s : nat -> sines) : plan :=
  Plan d L (floor_digits d N L) (fun t => sine_decoder (floor_index d N L t) (s t)) v0
    (offset_for v0 (fun t => sine_bound (s t))).
Definition sine_network (d N L : nat) (v0 : Q) (s : nat -> sines) : network Q := geometric (sine_plan d N L v0 s).

(** What it gives to the cell number J of level l: what the cell around it got, and the decoder's value. *)
Fixpoint given (d N : nat) (v0 : Q) (s : nat -> sines) (l : nat) (J : Z) : R :=
  match l with
  | O => Q2R v0
  | S k => given d N v0 s k (parent d N k J) + sine_value (s l) J
  end.

Lemma sine_plan_wf : forall d N L v0 s, plan_wf (sine_plan d N L v0 s).
Proof.
  intros. split; cbn [levels digits decoders dimension sine_plan].
  - apply floor_digits_wf.
  - intros. apply sine_decoder_wf, floor_index_reads.
Qed.

Lemma sine_level : forall d N L v0 s x t, cube d x -> (1 <= t <= L)%nat ->
  let p := sine_plan d N L v0 s in
  decoded (decoders p t) (digit_state p t x) = sine_value (s t) (cell_number d N t x).
Proof.
  intros d N L v0 s x t Hx Ht p. rewrite (floor_digit_state p d N x) by (reflexivity || assumption).
  apply sine_decoded. apply floor_index_eval. assumption.
Qed.

(** For all d, N >= 2, L and all numbers mid_t, gamma_t, w_t: at every point of the closed cube the readout of level l
    is the value of level 0 plus mid_t + gamma_t sin(w_t sin(1 + J)) over the levels t <= l, J the level-t cell. *)
Theorem sine_network_computes : forall d N L v0 s x l, (2 <= N)%nat -> cube d x -> (l <= L)%nat ->
  Phi (real (sine_network d N L v0 s)) l x = given d N v0 s l (cell_number d N l x).
Proof.
  intros d N L v0 s x l HN Hx Hl. set (p := sine_plan d N L v0 s).
  unfold sine_network. fold p. rewrite (geometric_computes_bounded p (fun t => sine_bound (s t))).
  - induction l as [|l IH]; [reflexivity|]. cbn [total given]. rewrite IH by lia.
    rewrite parent_cell_number by assumption. f_equal. apply sine_level; [assumption|lia].
  - apply sine_plan_wf.
  - reflexivity.
  - intros t Ht. unfold p. rewrite sine_level by assumption. apply sine_value_bounded.
  - assumption.
Qed.

(** The network is well formed, has L + 2 hidden layers, and is at most 3d + 3 wide. *)
Theorem sine_network_size : forall d N L v0 s, let n := sine_network d N L v0 s in
  well_formed n /\ depth n = (L + 2)%nat /\ (width n <= 3 * d + 3)%nat.
Proof.
  intros d N L v0 s n. repeat split.
  - apply geometric_well_formed, sine_plan_wf.
  - apply geometric_well_formed, sine_plan_wf.
  - apply geometric_depth.
  - unfold n, sine_network. rewrite (geometric_width _ (3 * d) 1 1); [lia|..]; intros t _;
      cbn [digits decoders sine_plan]; [apply floor_digits_length|..];
      unfold sine_decoder; destruct (weight (s t) =? 0)%Z; cbn; lia.
Qed.

(** The network as constructs/geometric.py writes it down, without the neurons that no readout depends on: it has the
    same readouts on the closed cube, so that all bounds on errors of this file hold for it too, the same depth, and is at
    most 3d + 3 wide. *)
Theorem sine_network_pruned : forall d N L v0 s, let n := prune (sine_network d N L v0 s) in
  well_formed n /\ depth n = (L + 2)%nat /\ (width n <= 3 * d + 3)%nat /\
  forall l x, cube d x -> Phi (real n) l x = Phi (real (sine_network d N L v0 s)) l x.
Proof.
  intros d N L v0 s n. destruct (sine_network_size d N L v0 s) as [W [D B]].
  destruct (prune_computes _ W) as [W' [D' [B' E]]]. refine (conj W' (conj _ (conj _ _))).
  - unfold n. lia.
  - unfold n. lia.
  - intros l x Hx. apply E, Hx.
Qed.

(** The readouts of the levels up to l are computed by the first l + 2 layers, and they do not depend on how many
    levels follow: the networks of l and of L >= l levels with the same numbers have the same readouts up to l. *)
Theorem sine_network_nested : forall d N L v0 s l x, (2 <= N)%nat -> (l <= L)%nat -> cube d x ->
  let cut := prefix (l + 2) (real (sine_network d N L v0 s)) in
  depth cut = (l + 2)%nat /\ length (readouts cut) = (l + 1)%nat /\
  forall k, (k <= l)%nat ->
    Phi cut k x = Phi (real (sine_network d N L v0 s)) k x /\
    Phi cut k x = Phi (real (sine_network d N l v0 s)) k x.
Proof.
  intros d N L v0 s l x HN Hl Hx cut.
  destruct (geometric_prefix (sine_plan d N L v0 s) l x Hl) as [D [R P]].
  repeat split; [assumption|assumption|apply P; assumption|].
  unfold cut, sine_network. rewrite P by assumption. fold (sine_network d N L v0 s). fold (sine_network d N l v0 s).
  rewrite !sine_network_computes by (assumption || lia). reflexivity.
Qed.

(** ** What the sines have to hit *)

(** Every level aims at the wanted value minus what the cell around was really given, so that errors of coarser
    levels are repaired; in units of gamma, from mid. *)
Definition aim (d N : nat) (v0 : Q) (s : nat -> sines) (wanted : nat -> Z -> R) (t : nat) (J : Z) : R :=
  (wanted t J - given d N v0 s (t - 1) (parent d N (t - 1) J) - Q2R (mid (s t))) / Q2R (gamma (s t)).

(** The finite list of inequalities that makes w_1, ..., w_L good: one for every cell of every level. *)
Definition sines_hit (d N L : nat) (v0 : Q) (s : nat -> sines) (wanted : nat -> Z -> R) (tolerance : nat -> R) : Prop :=
  Rabs (Q2R v0 - wanted 0%nat 0%Z) <= tolerance 0%nat /\
  forall t J, (1 <= t <= L)%nat -> (0 <= J < grid N (t * d))%Z ->
    0 < Q2R (gamma (s t)) /\
    Rabs (sin (IZR (weight (s t)) * sin (1 + IZR J)) - aim d N v0 s wanted t J) <= tolerance t / Q2R (gamma (s t)).

(** For all d, N >= 2, L: if the sines hit the wanted values, then at every point of the closed cube the readout of
    every level l is within that level's tolerance of the value wanted on the cell of x: errors do not add up. *)
Theorem sine_network_stores : forall d N L v0 s wanted tolerance, (2 <= N)%nat ->
  sines_hit d N L v0 s wanted tolerance ->
  forall l x, (l <= L)%nat -> cube d x ->
  Rabs (Phi (real (sine_network d N L v0 s)) l x - wanted l (cell_number d N l x)) <= tolerance l.
Proof.
  intros d N L v0 s wanted tolerance HN [H0 H] l x Hl Hx. rewrite sine_network_computes by assumption.
  destruct l as [|l]; [rewrite cell_number_0 by assumption; exact H0|]. cbn [given]. set (J := cell_number d N (S l) x).
  destruct (H (S l) J ltac:(lia) (cell_number_range d N (S l) x HN Hx)) as [G E].
  unfold aim in E. rewrite Nat.sub_succ, Nat.sub_0_r in E. unfold sine_value.
  set (g := Q2R (gamma (s (S l)))) in *. set (u := sin (_ * _)) in *.
  set (a := given d N v0 s l _) in *. set (m := Q2R (mid _)) in *. set (w := wanted (S l) J) in *.
  replace (a + (m + g * u) - w) with (g * (u - (w - a - m) / g)) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq g) by lra.
  apply Rle_trans with (g * (tolerance (S l) / g)); [apply Rmult_le_compat_l; [lra|exact E]|right; field; lra].
Qed.

(** ** Targets *)

(** z lies in the closed cell number J of level l. *)
Definition in_cell (d N l : nat) (J : Z) (z : list R) : Prop :=
  cube d z /\ forall i, (i < d)%nat ->
    IZR (digit (grid N l) i J) <= INR N ^ l * coord i z <= IZR (digit (grid N l) i J) + 1.

(** v lies between two values of f in the closed cell number J of level l, as every value of f there does, and every
    mean of such values. *)
Definition value_in_cell (d N : nat) (f : list R -> R) (l : nat) (J : Z) (v : R) : Prop :=
  exists y z, in_cell d N l J y /\ in_cell d N l J z /\ f y <= v <= f z.

Lemma cell_diameter : forall d N l x z, (2 <= N)%nat -> cube d x -> in_cell d N l (cell_number d N l x) z ->
  l1 d x z <= INR d / INR N ^ l.
Proof.
  intros d N l x z HN Hx [_ Hz]. unfold Rdiv. apply l1_le. intros i Hi. specialize (Hz i Hi).
  rewrite digit_cell_number in Hz by assumption.
  pose proof (cell_closed N l (coord i x) HN ltac:(apply Hx; assumption)) as C.
  pose proof (pow_N_pos N l HN) as P. set (p := INR N ^ l) in *.
  apply Rmult_le_reg_l with (1 := P). rewrite Rinv_r by lra. rewrite <- (Rabs_pos_eq p) at 1 by lra.
  rewrite <- Rabs_mult. apply Rabs_le. lra.
Qed.

Lemma value_near : forall d N K f l x v, (2 <= N)%nat -> 0 <= K -> lipschitz d K f -> cube d x ->
  value_in_cell d N f l (cell_number d N l x) v -> Rabs (f x - v) <= INR d * K / INR N ^ l.
Proof.
  intros d N K f l x v HN HK Hf Hx [y [z [Hy [Hz V]]]].
  assert (B : forall u, in_cell d N l (cell_number d N l x) u -> Rabs (f x - f u) <= INR d * K / INR N ^ l).
  { intros u Hu. eapply Rle_trans; [exact (Hf x u Hx (proj1 Hu))|].
    replace (INR d * K / INR N ^ l) with (K * (INR d / INR N ^ l)) by (unfold Rdiv; ring).
    apply Rmult_le_compat_l; [assumption|]. apply cell_diameter; assumption. }
  pose proof (abs_range _ _ (B y Hy)). pose proof (abs_range _ _ (B z Hz)). apply Rabs_le. lra.
Qed.

(** For all d, N >= 2, L and every K-Lipschitz f: if the sines hit values that f takes in the cells, or means of
    such values, then |f - Phi_l| <= d K N^-l + tolerance_l at every point of the closed cube and every level l <= L. *)
Theorem sine_network_error : forall d N L v0 s wanted tolerance K f, (2 <= N)%nat -> 0 <= K -> lipschitz d K f ->
  (forall l J, (l <= L)%nat -> (0 <= J < grid N (l * d))%Z -> value_in_cell d N f l J (wanted l J)) ->
  sines_hit d N L v0 s wanted tolerance ->
  forall l x, (l <= L)%nat -> cube d x ->
  Rabs (f x - Phi (real (sine_network d N L v0 s)) l x) <= INR d * K / INR N ^ l + tolerance l.
Proof.
  intros d N L v0 s wanted tolerance K f HN HK Hf Hw Hs l x Hl Hx.
  pose proof (sine_network_stores d N L v0 s wanted tolerance HN Hs l x Hl Hx) as E.
  pose proof (Hw l _ Hl (cell_number_range d N l x HN Hx)) as W.
  pose proof (value_near d N K f l x _ HN HK Hf Hx W) as F.
  set (w := wanted l _) in *. rewrite Rabs_minus_sym in E.
  replace (f x - Phi (real (sine_network d N L v0 s)) l x)
    with ((f x - w) + (w - Phi (real (sine_network d N L v0 s)) l x)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

(** So with tolerances of at most (d+1) K N^-l: |f - Phi_l| <= (2d+1) K N^-l, the rate of arXiv 2604.20219, here at
    every point of the closed cube and for K-Lipschitz f. *)
Theorem sine_network_rate : forall d N L v0 s wanted tolerance K f, (2 <= N)%nat -> 0 <= K -> lipschitz d K f ->
  (forall l J, (l <= L)%nat -> (0 <= J < grid N (l * d))%Z -> value_in_cell d N f l J (wanted l J)) ->
  sines_hit d N L v0 s wanted tolerance ->
  (forall l, (l <= L)%nat -> tolerance l <= (INR d + 1) * K / INR N ^ l) ->
  forall l x, (l <= L)%nat -> cube d x ->
  Rabs (f x - Phi (real (sine_network d N L v0 s)) l x) <= (2 * INR d + 1) * K / INR N ^ l.
Proof.
  intros d N L v0 s wanted tolerance K f HN HK Hf Hw Hs Ht l x Hl Hx.
  eapply Rle_trans; [apply (sine_network_error d N L v0 s wanted tolerance K f); assumption|].
  specialize (Ht l Hl). unfold Rdiv in *. lra.
Qed.

(** Aiming at the values of f at the centres of the cells halves the first term: |f - Phi_l| <= (d/2) K N^-l +
    tolerance_l at every point of the closed cube and every level l <= L. *)
Theorem sine_network_centres : forall d N L v0 s tolerance K f, (2 <= N)%nat -> 0 <= K -> lipschitz d K f ->
  sines_hit d N L v0 s (fun l J => f (centre d N l J)) tolerance ->
  forall l x, (l <= L)%nat -> cube d x ->
  Rabs (f x - Phi (real (sine_network d N L v0 s)) l x) <= INR d / 2 * K / INR N ^ l + tolerance l.
Proof.
  intros d N L v0 s tolerance K f HN HK Hf Hs l x Hl Hx.
  pose proof (sine_network_stores d N L v0 s _ tolerance HN Hs l x Hl Hx) as E. cbv beta in E.
  set (c := centre d N l _) in *. rewrite Rabs_minus_sym in E.
  pose proof (Hf x c Hx (centre_in_cube d N l _ HN)) as F.
  pose proof (Rmult_le_compat_l K _ _ HK (centre_distance d N l x HN Hx)) as D. fold c in D.
  replace (INR d / 2 * K / INR N ^ l) with (K * (INR d / 2 * / INR N ^ l)) by (unfold Rdiv; ring).
  replace (f x - Phi (real (sine_network d N L v0 s)) l x)
    with ((f x - f c) + (f c - Phi (real (sine_network d N L v0 s)) l x)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.
