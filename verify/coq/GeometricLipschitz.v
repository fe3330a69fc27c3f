(** * Lipschitz functions: (d/2) K N^-l at every level l

    docs/geometric.md (arXiv 2604.20219 states (2d+1) N^-l for Lipschitz constant 1 and finite p). For every f that is
    Lipschitz in the l1 norm on the closed cube there are stored data with which every readout l of the network of
    floor digits and bit decoders is within (d/2) K N^-l + eps N^-l of f in the supremum norm: it stores f at the
    centres of the cells, rounded to the multiples of 1/(q N^l). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Network Levels Cells FloorDigits BitExtraction BitDecoder GeometricFloor.
Import ListNotations.
Local Open Scope R_scope.

(** f has the Lipschitz constant K in the l1 norm on the closed cube. *)
Definition lipschitz (d : nat) (K : R) (f : list R -> R) : Prop :=
  forall x y, cube d x -> cube d y -> Rabs (f x - f y) <= K * l1 d x y.

(** ** Any table of multiples of 1/s can be stored *)

Definition largest (r : list Z) : Z := fold_right (fun z m => Z.max (Z.abs z) m) 0%Z r.

(** The table r_J / s in fields: v_J = r_J + M, lo = -M/s, step = 1/s, M the largest |r_J|. *)
Definition store_multiples (s : Z) (r : list Z) : stored :=
  let M := largest r in
  Fields (S (Z.to_nat (2 * M))) (inject_Z (- M) / inject_Z s) (1 / inject_Z s) (map (fun z => z + M)%Z r).

Lemma largest_ge : forall r, Forall (fun z => (- largest r <= z <= largest r)%Z) r.
Proof.
  induction r as [|z r IH]; [constructor|]. constructor; cbn [largest fold_right]; fold (largest r).
  - lia.
  - revert IH. apply Forall_impl. intros; lia.
Qed.

Lemma largest_nonneg : forall r, (0 <= largest r)%Z.
Proof. induction r as [|z r IH]; [cbn; lia|]. cbn [largest fold_right]. fold (largest r). lia. Qed.

Lemma base2_gt : forall n, (Z.of_nat n < base2 n)%Z.
Proof. intros. unfold base2. apply Z.pow_gt_lin_r; lia. Qed.

Lemma store_multiples_ok : forall s r, stored_ok (Z.of_nat (length r)) (store_multiples s r).
Proof.
  intros. unfold store_multiples, stored_ok, fields_ok. rewrite map_length. repeat split; [lia|].
  apply Forall_map. pose proof (largest_nonneg r). pose proof (base2_gt (S (Z.to_nat (2 * largest r)))).
  generalize (largest_ge r). apply Forall_impl. intros; lia.
Qed.

Lemma store_multiples_value : forall s r J, (0 < s)%Z -> (0 <= J < Z.of_nat (length r))%Z ->
  Q2R (stored_value (store_multiples s r) J) = IZR (nth (Z.to_nat J) r 0%Z) / IZR s.
Proof.
  intros s r J Hs HJ. unfold store_multiples, stored_value.
  rewrite (nth_indep _ 0%Z (0 + largest r)%Z) by (rewrite map_length; lia).
  rewrite (map_nth (fun z => z + largest r)%Z).
  assert (Hq : ~ (inject_Z s == 0)%Q) by (unfold Qeq; simpl; lia).
  rewrite Q2R_plus, Q2R_mult, !Q2R_div, !Q2R_inject_Z, Q2R_1, plus_IZR, opp_IZR by assumption.
  field. apply IZR_neq. lia.
Qed.

(** ** Samples of f *)

(** The multiple of 1/(q N^t) below f at the centre of cell J of level t. *)
Definition sample (d N : nat) (q : Z) (f : list R -> R) (t : nat) (J : Z) : Z :=
  Zfloor (IZR (q * grid N t) * f (centre d N t J)).

(** What is stored for f: on each cell the sample minus that of the cell one level before. *)
Definition sample_store (d N : nat) (q : Z) (f : list R -> R) : store :=
  Store (inject_Z (sample d N q f 0 0) / inject_Z q)
    (fun t => store_multiples (q * grid N t)
      (vec (Z.to_nat (grid N (t * d))) (fun j =>
        sample d N q f t (Z.of_nat j) - Z.of_nat N * sample d N q f (t - 1) (parent d N (t - 1) (Z.of_nat j)))%Z)).

Lemma sample_store_ok : forall d N q f L, (2 <= N)%nat -> store_ok d N L (sample_store d N q f).
Proof.
  intros d N q f L HN t Ht. cbn [at_level sample_store].
  set (r := vec _ _). replace (grid N (t * d)) with (Z.of_nat (length r)); [apply store_multiples_ok|].
  unfold r. rewrite vec_length. pose proof (grid_pos N (t * d) HN). lia.
Qed.

Lemma cell_number_0 : forall d N x, (2 <= N)%nat -> cube d x -> cell_number d N 0 x = 0%Z.
Proof. intros. pose proof (cell_number_range d N 0 x H H0). cbn in H1. lia. Qed.

(** The table of level l at x is the sample of the cell of x. *)
Lemma sample_table : forall d N q f x, (2 <= N)%nat -> (0 < q)%Z -> cube d x -> forall l,
  Q2R (table d N (sample_store d N q f) l x) = IZR (sample d N q f l (cell_number d N l x)) / IZR (q * grid N l).
Proof.
  intros d N q f x HN Hq Hx. assert (P : forall t, (0 < q * grid N t)%Z).
  { intros t. pose proof (grid_pos N t HN). nia. }
  induction l as [|l IH].
  - cbn [table root sample_store]. rewrite Q2R_div, !Q2R_inject_Z by (unfold Qeq; simpl; lia).
    rewrite cell_number_0 by assumption. change (grid N 0) with 1%Z. rewrite Z.mul_1_r. reflexivity.
  - cbn [table at_level sample_store]. rewrite Q2R_plus, IH.
    pose proof (cell_number_range d N (S l) x HN Hx) as HJ. set (J := cell_number d N (S l) x) in *.
    rewrite store_multiples_value by (try apply P; rewrite vec_length; lia).
    rewrite nth_vec by lia. rewrite Z2Nat.id by lia. cbn [Nat.sub]. rewrite Nat.sub_0_r.
    replace (parent d N l J) with (cell_number d N l x) by (symmetry; apply parent_cell_number; assumption).
    rewrite minus_IZR. replace (q * grid N (S l))%Z with (Z.of_nat N * (q * grid N l))%Z by (rewrite grid_S; ring).
    rewrite !(mult_IZR (Z.of_nat N)). specialize (P l). apply IZR_lt in P.
    assert (0 < IZR (Z.of_nat N)) by (apply IZR_lt; lia). field. lra.
Qed.

(** Rounding down to a multiple of 1/s. *)
Lemma round_down : forall s y, 0 < s -> Rabs (y - IZR (Zfloor (s * y)) / s) <= / s.
Proof.
  intros s y Hs. pose proof (Zfloor_lb (s * y)). pose proof (Zfloor_ub (s * y)). pose proof (Rinv_0_lt_compat s Hs).
  replace (y - IZR (Zfloor (s * y)) / s) with ((s * y - IZR (Zfloor (s * y))) * / s) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ s)) by lra. rewrite <- (Rmult_1_l (/ s)) at 2.
  apply Rmult_le_compat_r; [lra|]. apply Rabs_le. lra.
Qed.

Lemma sample_error : forall d N q K f l x, (2 <= N)%nat -> (0 < q)%Z -> lipschitz d K f -> cube d x ->
  (0 <= K) -> Rabs (f x - Q2R (table d N (sample_store d N q f) l x)) <= (INR d / 2 * K + / IZR q) / INR N ^ l.
Proof.
  intros d N q K f l x HN Hq Hf Hx HK. rewrite sample_table by assumption. unfold sample.
  set (c := centre d N l (cell_number d N l x)).
  assert (Hc : cube d c) by (apply centre_in_cube; assumption).
  pose proof (grid_pos N l HN) as Hg. assert (Hs : 0 < IZR (q * grid N l)) by (apply IZR_lt; nia).
  pose proof (round_down _ (f c) Hs) as R. pose proof (Hf x c Hx Hc) as F.
  pose proof (centre_distance d N l x HN Hx) as D. fold c in D.
  rewrite mult_IZR, grid_INR in *. pose proof (pow_N_pos N l HN) as P. set (p := INR N ^ l) in *.
  apply IZR_lt in Hq. rewrite Rinv_mult in R.
  pose proof (Rinv_0_lt_compat p P).
  replace (f x - IZR (Zfloor (IZR q * p * f c)) / (IZR q * p))
    with ((f x - f c) + (f c - IZR (Zfloor (IZR q * p * f c)) / (IZR q * p))) by ring.
  eapply Rle_trans; [apply Rabs_triang|].
  assert (K * l1 d x c <= K * (INR d / 2 * / p)) by (apply Rmult_le_compat_l; assumption).
  unfold Rdiv in *. lra.
Qed.

(** ** Headlines *)

(** For every dimension d, base N >= 2, K >= 0, eps > 0 and every f with |f x - f y| <= K |x - y|_1 on the closed cube
    there are stored data, the same for every depth, with which the network of L levels is well formed, has width at
    most 3d+4 and depth L+2, and for every level l <= L and every x of the closed cube |f x - Phi_l x| <= ((d/2) K +
    eps) N^-l. *)
Theorem geometric_floor_lipschitz : forall d N K eps f, (2 <= N)%nat -> 0 <= K -> 0 < eps -> lipschitz d K f ->
  exists s, forall L, let n := geometric_floor d N L s in
    store_ok d N L s /\ well_formed n /\ (width n <= 3 * d + 4)%nat /\ depth n = (L + 2)%nat /\
    forall l x, (l <= L)%nat -> cube d x -> Rabs (f x - Phi (real n) l x) <= (INR d / 2 * K + eps) / INR N ^ l.
Proof.
  intros d N K eps f HN HK He Hf. destruct (archimed (/ eps)) as [Hq _]. set (q := up (/ eps)) in *.
  pose proof (Rinv_0_lt_compat eps He) as Hi. assert (Hq0 : (0 < q)%Z) by (apply lt_IZR; lra).
  exists (sample_store d N q f). intros L n.
  pose proof (sample_store_ok d N q f L HN) as Hs.
  destruct (geometric_floor_computes d N L _ HN Hs) as [A [B [C [_ E]]]].
  refine (conj Hs (conj A (conj B (conj C _)))). intros l x Hl Hx. unfold n. rewrite E by assumption.
  eapply Rle_trans; [apply (sample_error d N q K); assumption|].
  unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, pow_N_pos; assumption|].
  apply Rplus_le_compat_l. rewrite <- (Rinv_inv eps). apply Rinv_le_contravar; lra.
Qed.

(** The statement of arXiv 2604.20219 for Lipschitz functions, in the supremum norm: for d >= 1, N >= 2, K > 0 and f
    with |f x - f y| <= K |x - y|_1 there are stored data such that for every L the network has width at most 2dN+d+2
    and depth L+2, and |f x - Phi_l x| <= (2d+1) K N^-l for every l <= L and every x of the closed cube. (For K = 0 f
    is constant, and an irrational constant is no value of a network of rational weights and floors: then the theorem
    before holds.) *)
Theorem geometric_floor_meets_statement : forall d N K f, (1 <= d)%nat -> (2 <= N)%nat -> 0 < K -> lipschitz d K f ->
  exists s, forall L, let n := geometric_floor d N L s in
    well_formed n /\ (width n <= 2 * d * N + d + 2)%nat /\ depth n = (L + 2)%nat /\
    forall l x, (l <= L)%nat -> cube d x -> Rabs (f x - Phi (real n) l x) <= (2 * INR d + 1) * K / INR N ^ l.
Proof.
  intros d N K f Hd HN HK Hf. destruct (geometric_floor_lipschitz d N K K f HN) as [s H]; try assumption; try lra.
  exists s. intros L n. destruct (H L) as [_ [A [B [C E]]]]. fold n in A, B, C, E.
  refine (conj A (conj _ (conj C _))); [nia|]. intros l x Hl Hx. eapply Rle_trans; [apply E; assumption|].
  unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, pow_N_pos; assumption|].
  pose proof (pos_INR d). nra.
Qed.
