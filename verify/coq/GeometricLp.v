(** * The L^p statement: (d 2^(1/p) + eps) omega_p(f, N^-l) at every level l

    The statement of arXiv 2604.20219, docs/geometric.md, with floor digits and bit decoders: for every step function f on
    a grid that refines the cells of all levels there is one network whose readouts are that near to f in L^p, for every
    real p >= 1. It stores the cell means of all levels, rounded to the multiples of 1/(q N^l). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Network Levels Cells FloorDigits BitExtraction BitDecoder GeometricFloor GeometricLipschitz.
From Approxcert Require Import StepFunctions Powers Norms BlockMeans StepIntegrals AveragingIntegrals AveragingSup StoredMeans.
Import ListNotations.
Local Open Scope R_scope.

(** ** Storing any values of the cells, a table for every level *)

(** The multiple of 1/(q N^t) below the value of cell J of level t. *)
Definition rounded (N : nat) (q : Z) (A : nat -> Z -> R) (t : nat) (J : Z) : Z := Zfloor (IZR (q * Cells.grid N t) * A t J).

(** On each cell the rounded value minus that of the cell one level before. *)
Definition value_store (d N : nat) (q : Z) (A : nat -> Z -> R) : store :=
  Store (inject_Z (rounded N q A 0 0) / inject_Z q)
    (fun t => store_multiples (q * Cells.grid N t)
      (vec (Z.to_nat (Cells.grid N (t * d))) (fun j =>
        rounded N q A t (Z.of_nat j) - Z.of_nat N * rounded N q A (t - 1) (parent d N (t - 1) (Z.of_nat j)))%Z)).

Lemma value_store_ok : forall d N q A L, (2 <= N)%nat -> store_ok d N L (value_store d N q A).
Proof.
  intros d N q A L HN t Ht. cbn [at_level value_store].
  set (r := vec _ _). replace (Cells.grid N (t * d)) with (Z.of_nat (length r)); [apply store_multiples_ok|].
  unfold r. rewrite vec_length. pose proof (grid_pos N (t * d) HN). lia.
Qed.

Lemma value_table : forall d N q A x, (2 <= N)%nat -> (0 < q)%Z -> cube d x -> forall l,
  Q2R (table d N (value_store d N q A) l x) = IZR (rounded N q A l (cell_number d N l x)) / IZR (q * Cells.grid N l).
Proof.
  intros d N q A x HN Hq Hx. assert (P : forall t, (0 < q * Cells.grid N t)%Z).
  { intros t. pose proof (grid_pos N t HN). nia. }
  induction l as [|l IH].
  - cbn [table root value_store]. rewrite Q2R_div, !Q2R_inject_Z by (unfold Qeq; simpl; lia).
    rewrite cell_number_0 by assumption. change (Cells.grid N 0) with 1%Z. rewrite Z.mul_1_r. reflexivity.
  - cbn [table at_level value_store]. rewrite Q2R_plus, IH.
    pose proof (cell_number_range d N (S l) x HN Hx) as HJ. set (J := cell_number d N (S l) x) in *.
    rewrite store_multiples_value by (try apply P; rewrite vec_length; lia).
    rewrite nth_vec by lia. rewrite Z2Nat.id by lia. cbn [Nat.sub]. rewrite Nat.sub_0_r.
    replace (parent d N l J) with (cell_number d N l x) by (symmetry; apply parent_cell_number; assumption).
    rewrite minus_IZR. replace (q * Cells.grid N (S l))%Z with (Z.of_nat N * (q * Cells.grid N l))%Z by (rewrite grid_S; ring).
    rewrite !(mult_IZR (Z.of_nat N)). specialize (P l). apply IZR_lt in P.
    assert (0 < IZR (Z.of_nat N)) by (apply IZR_lt; lia). field. lra.
Qed.

(** ** Cell means *)

Lemma inside_cube : forall d x, inside d x -> cube d x.
Proof. intros d x Hx. split; [apply Hx|]. intros i Hi. pose proof (inside_coord d x i Hx Hi). lra. Qed.

(** Both ways to number the cells along an axis. *)
Lemma cells_agree : forall N l t, 0 < t < 1 -> Z.of_nat (cell (N ^ l) t) = Cells.cell N l t.
Proof.
  intros N l t Ht. rewrite cell_inside by lra. unfold cell. rewrite pow_INR. apply Z2Nat.id, Zfloor_lub.
  apply Rmult_le_pos; [apply pow_le, pos_INR|lra].
Qed.

Lemma cell_number_cells : forall d N l x, inside d x ->
  cell_number d N l x = number d (Cells.grid N l) (fun i => Z.of_nat (nth i (map (cell (N ^ l)) x) 0%nat)).
Proof.
  intros d N l x Hx. apply number_ext. intros i Hi. pose proof (inside_coord d x i Hx Hi).
  rewrite nth_cells by (destruct Hx; lia). symmetry. apply cells_agree. assumption.
Qed.

Lemma cell_point_cells : forall m x x' y, map (cell m) x = map (cell m) x' -> cell_point m x y = cell_point m x' y.
Proof.
  induction x as [|t x]; intros [|t' x'] [|u y] H; try discriminate; try reflexivity.
  inversion H as [[E E']]. cbn [cell_point]. rewrite E, (IHx x' y E'). reflexivity.
Qed.

Lemma average_centre : forall d N l F x, (2 <= N)%nat -> inside d x ->
  average d (N ^ l) F (centre d N l (cell_number d N l x)) = average d (N ^ l) F x.
Proof.
  intros d N l F x HN Hx. unfold average. apply integral_ext. intros y _. f_equal. apply cell_point_cells.
  rewrite <- (vec_coord d x) at 2 by apply Hx. unfold centre, vec. rewrite !map_map. apply map_ext_in.
  intros i Hi. apply in_seq in Hi. pose proof (inside_coord d x i Hx ltac:(lia)) as Hc.
  rewrite digit_cell_number by (try apply inside_cube; assumption || lia).
  rewrite <- cells_agree by assumption. pose proof (pow_N_pos N l HN).
  apply cell_eq. rewrite pow_INR, <- INR_IZR_INZ.
  replace (INR N ^ l * ((INR (cell (N ^ l) (coord i x)) + / 2) / INR N ^ l)) with (INR (cell (N ^ l) (coord i x)) + / 2)
    by (field; lra). lra.
Qed.

(** The store of the cell means of f. *)
Definition mean_store (d N : nat) (q : Z) (f : list R -> R) : store :=
  value_store d N q (fun t J => average d (N ^ t) f (centre d N t J)).

Lemma mean_store_error : forall d N q f l x, (2 <= N)%nat -> (0 < q)%Z -> inside d x ->
  Rabs (average d (N ^ l) f x - Q2R (table d N (mean_store d N q f) l x)) <= / IZR q.
Proof.
  intros d N q f l x HN Hq Hx. unfold mean_store. rewrite value_table by (try apply inside_cube; assumption).
  unfold rounded. rewrite average_centre by assumption.
  pose proof (grid_pos N l HN). assert (Hs : 0 < IZR (q * Cells.grid N l)) by (apply IZR_lt; nia).
  eapply Rle_trans; [apply round_down; assumption|]. apply Rinv_le_contravar; [apply IZR_lt; assumption|].
  apply IZR_le. nia.
Qed.

Lemma Lp_sup : forall p d M u G e, 1 <= p -> (0 < M)%nat -> 0 <= e ->
  (forall x, inside d x -> G x = step M u x) -> sup_at_most d G e -> Lp p d G <= e.
Proof.
  intros p d M u G e Hp HM He HG H. rewrite (Lp_ext p d G (step M u)) by assumption. rewrite Lp_step by assumption.
  assert (Hu : sup_norm d M u <= e).
  { apply sup_step; try assumption. intros x Hx. rewrite <- HG by assumption. apply H. assumption. }
  apply norm_le; [lra|assumption|assumption|]. rewrite <- (mean_const d M (power p e)) by assumption.
  apply mean_le; [assumption|]. intros ks Hks. apply power_le_abs; [lra|].
  eapply Rle_trans; [apply le_sup_norm; exact Hks|assumption].
Qed.

(** One tolerance for all levels. *)
Lemma small_enough : forall L (e : nat -> R), (forall l, (l <= L)%nat -> 0 < e l) ->
  exists q, (0 < q)%Z /\ forall l, (l <= L)%nat -> / IZR q <= e l.
Proof.
  assert (One : forall a, 0 < a -> exists q, (0 < q)%Z /\ forall r, (q <= r)%Z -> / IZR r <= a).
  { intros a Ha. destruct (archimed (/ a)) as [Hq _]. pose proof (Rinv_0_lt_compat a Ha).
    exists (up (/ a)). assert (Hp : (0 < up (/ a))%Z) by (apply lt_IZR; lra). split; [assumption|].
    intros r Hr. apply IZR_le in Hr. rewrite <- (Rinv_inv a). apply Rinv_le_contravar; lra. }
  assert (All : forall L (e : nat -> R), (forall l, (l <= L)%nat -> 0 < e l) ->
    exists q, (0 < q)%Z /\ forall r, (q <= r)%Z -> forall l, (l <= L)%nat -> / IZR r <= e l).
  { induction L; intros e He.
    - destruct (One (e 0%nat) (He 0%nat ltac:(lia))) as [q [Hq H]]. exists q. split; [assumption|].
      intros r Hr l Hl. replace l with 0%nat by lia. apply H. assumption.
    - destruct (IHL e ltac:(intros; apply He; lia)) as [q [Hq H]].
      destruct (One (e (S L)) (He (S L) ltac:(lia))) as [q' [Hq' H']]. exists (Z.max q q'). split; [lia|].
      intros r Hr l Hl. destruct (Nat.eq_dec l (S L)) as [->|]; [apply H'; lia|apply H; lia]. }
  intros L e He. destruct (All L e He) as [q [Hq H]]. exists q. split; [assumption|]. intros. apply H; [lia|assumption].
Qed.

(** The readouts of the network that stores the means: constant on the cells, and near to the means. *)
Lemma mean_store_network : forall d N L n v q l, (2 <= N)%nat -> (1 <= n)%nat -> (0 < q)%Z -> (l <= L)%nat ->
  let f := step (N ^ L * n) v in let net := geometric_floor d N L (mean_store d N q f) in
  exists n' T, (1 <= n')%nat /\ f = step (N ^ l * n') v /\ (forall x, inside d x -> Phi (real net) l x = step (N ^ l) T x) /\
    sup_at_most d (fun x => average d (N ^ l) f x - Phi (real net) l x) (/ IZR q) /\
    forall p, 1 <= p -> Lp p d (fun x => average d (N ^ l) f x - Phi (real net) l x) <= / IZR q.
Proof.
  intros d N L n v q l HN Hn Hq Hl f net.
  destruct (geometric_floor_computes d N L (mean_store d N q f) HN (value_store_ok _ _ _ _ _ HN)) as [_ [_ [_ [_ E]]]].
  fold net in E.
  set (T := fun ks => IZR (rounded N q (fun t J => average d (N ^ t) f (centre d N t J)) l
    (number d (Cells.grid N l) (fun i => Z.of_nat (nth i ks 0%nat)))) / IZR (q * Cells.grid N l)).
  assert (Hout : forall x, inside d x -> Phi (real net) l x = step (N ^ l) T x).
  { intros x Hx. rewrite E by (try apply inside_cube; assumption). unfold mean_store.
    rewrite value_table by (try apply inside_cube; assumption). unfold T, step. rewrite cell_number_cells by assumption.
    reflexivity. }
  assert (Hsup : sup_at_most d (fun x => average d (N ^ l) f x - Phi (real net) l x) (/ IZR q)).
  { intros x Hx. rewrite (E l x Hl (inside_cube d x Hx)). apply mean_store_error; assumption. }
  set (n' := (N ^ (L - l) * n)%nat).
  assert (Hm : (1 <= N ^ l)%nat) by (apply Nat.neq_0_lt_0, Nat.pow_nonzero; lia).
  assert (Hk : (1 <= n')%nat) by (assert (N ^ (L - l) <> 0)%nat by (apply Nat.pow_nonzero; lia); unfold n'; nia).
  assert (Hf : f = step (N ^ l * n') v).
  { unfold f, n'. rewrite Nat.mul_assoc, <- Nat.pow_add_r. repeat f_equal. lia. }
  exists n', T. split; [assumption|]. split; [assumption|]. split; [assumption|]. split; [assumption|]. intros p Hp.
  apply (Lp_sup p d (N ^ l * n') (fun ks => cell_mean d n' v ks - T (map (fun k => (k / n')%nat) ks))); try assumption;
    [nia|left; apply Rinv_0_lt_compat, IZR_lt; assumption|].
  intros x Hx. rewrite (Hout x Hx), (coarse_step d _ n' T x Hm Hk Hx), Hf. rewrite average_step by assumption. reflexivity.
Qed.

Lemma geometric_floor_shape : forall d N L q f, (2 <= N)%nat -> let net := geometric_floor d N L (mean_store d N q f) in
  well_formed net /\ (width net <= 3 * d + 4)%nat /\ depth net = (L + 2)%nat.
Proof.
  intros d N L q f HN net.
  destruct (geometric_floor_computes d N L (mean_store d N q f) HN (value_store_ok _ _ _ _ _ HN)) as [A [B [C _]]].
  split; [exact A|]. split; [exact B|exact C].
Qed.

(** ** The theorems *)

(** For every real p >= 1, d, base N >= 2, number of levels L, eps > 0, every step function f on a grid that refines the cells of
    level L, and bounds w_l > 0 of omega_p(f, N^-l) for shifts along the axes, there are stored data with which
    the network of floor digits and bit decoders is well formed, has width at most 3d+4 and depth L+2, and for every l <= L
    ||f - Phi_l||_p <= (d 2^(1/p) + eps) w_l. *)
Theorem geometric_floor_Lp : forall (p : R) (d N L n : nat) (v : list nat -> R) (eps : R) (w : nat -> R),
  let f := step (N ^ L * n) v in
  1 <= p -> (2 <= N)%nat -> (1 <= n)%nat -> 0 < eps ->
  (forall l, (l <= L)%nat -> 0 < w l /\ modulus_at_most p d (/ INR (N ^ l)) f (w l)) ->
  exists s, let net := geometric_floor d N L s in
    well_formed net /\ (width net <= 3 * d + 4)%nat /\ depth net = (L + 2)%nat /\
    forall l, (l <= L)%nat -> Lp p d (fun x => f x - Phi (real net) l x) <= (INR d * Rpower 2 (/ p) + eps) * w l.
Proof.
  intros p d N L n v eps w f Hp HN Hn He Hw.
  destruct (small_enough L (fun l => eps * w l)) as [q [Hq Hqw]].
  { intros l Hl. apply Rmult_lt_0_compat; [assumption|]. apply Hw. assumption. }
  exists (mean_store d N q f). intros net. destruct (geometric_floor_shape d N L q f HN) as [A [B C]].
  refine (conj A (conj B (conj C _))). intros l Hl. destruct (Hw l Hl) as [Hwl Hmod].
  destruct (mean_store_network d N L n v q l HN Hn Hq Hl) as [n' [T [Hn' [Hf [Hout [_ Hlp]]]]]].
  specialize (Hlp p Hp). fold f in Hf, Hout, Hlp. fold net in Hout, Hlp. clearbody net. rewrite Hf in *. unfold Phi in *.
  apply stored_means with (table := T); try assumption; [lia|lra|].
  eapply Rle_trans; [exact Hlp|apply (Hqw l Hl)].
Qed.

(** The same for p = 2 with the constant sqrt d: ||f - Phi_l||_2 <= (sqrt d + eps) w_l for every l <= L, w_l > 0 bounds of
    omega_2(f, N^-l) for shifts along the axes. *)
Theorem geometric_floor_L2 : forall (d N L n : nat) (v : list nat -> R) (eps : R) (w : nat -> R),
  let f := step (N ^ L * n) v in
  (2 <= N)%nat -> (1 <= n)%nat -> 0 < eps ->
  (forall l, (l <= L)%nat -> 0 < w l /\ modulus_at_most 2 d (/ INR (N ^ l)) f (w l)) ->
  exists s, let net := geometric_floor d N L s in
    well_formed net /\ (width net <= 3 * d + 4)%nat /\ depth net = (L + 2)%nat /\
    forall l, (l <= L)%nat -> Lp 2 d (fun x => f x - Phi (real net) l x) <= (sqrt (INR d) + eps) * w l.
Proof.
  intros d N L n v eps w f HN Hn He Hw.
  destruct (small_enough L (fun l => eps * w l)) as [q [Hq Hqw]].
  { intros l Hl. apply Rmult_lt_0_compat; [assumption|]. apply Hw. assumption. }
  exists (mean_store d N q f). intros net. destruct (geometric_floor_shape d N L q f HN) as [A [B C]].
  refine (conj A (conj B (conj C _))). intros l Hl. destruct (Hw l Hl) as [Hwl Hmod].
  destruct (mean_store_network d N L n v q l HN Hn Hq Hl) as [n' [T [Hn' [Hf [Hout [_ Hlp]]]]]].
  specialize (Hlp 2 ltac:(lra)). fold f in Hf, Hout, Hlp. fold net in Hout, Hlp. clearbody net. rewrite Hf in *. unfold Phi in *.
  apply stored_means_two with (table := T); try assumption; [lia|lra|].
  eapply Rle_trans; [exact Hlp|apply (Hqw l Hl)].
Qed.

(** The statement of the paper for step functions: for every real p >= 1, d >= 1, N >= 2, L, every step function f on a grid that
    refines the cells of level L, and bounds w_l > 0 of omega_p(f, N^-l) for shifts along the axes, there is a network of width at
    most 2dN+d+2 and depth L+2 whose readouts have ||f - Phi_l||_p <= (2d+1) w_l for every l <= L. *)
Theorem geometric_floor_meets_Lp_statement : forall (p : R) (d N L n : nat) (v : list nat -> R) (w : nat -> R),
  let f := step (N ^ L * n) v in
  1 <= p -> (1 <= d)%nat -> (2 <= N)%nat -> (1 <= n)%nat ->
  (forall l, (l <= L)%nat -> 0 < w l /\ modulus_at_most p d (/ INR (N ^ l)) f (w l)) ->
  exists s, let net := geometric_floor d N L s in
    well_formed net /\ (width net <= 2 * d * N + d + 2)%nat /\ depth net = (L + 2)%nat /\
    forall l, (l <= L)%nat -> Lp p d (fun x => f x - Phi (real net) l x) <= (2 * INR d + 1) * w l.
Proof.
  intros p d N L n v w f Hp Hd HN Hn Hw.
  destruct (geometric_floor_Lp p d N L n v 1 w Hp HN Hn Rlt_0_1 Hw) as [s H]. exists s. intros net.
  destruct H as [A [B [C E]]]. fold net in A, B, C, E. refine (conj A (conj _ (conj C _))); [nia|]. intros l Hl.
  eapply Rle_trans; [apply E; assumption|]. destruct (Hw l Hl) as [Hwl _]. apply Rmult_le_compat_r; [lra|].
  assert (Rpower 2 (/ p) <= 2).
  { rewrite <- (Rpower_1 2) at 2 by lra. apply Rle_Rpower; [lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  pose proof (pos_INR d). nra.
Qed.
