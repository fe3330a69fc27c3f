(** * Cells of the N-adic grids of the closed cube, and their numbers

    docs/geometric.md, digits: the level-t cell of x has the coordinates k_i = floor(N^t x_i) - floor(x_i), so that
    x_i = 1 belongs to the last cell, and the number J_t = sum_i N^(t i) k_i. Here: the coordinates lie in
    0, ..., N^t - 1 and can be read off J_t, x lies in the closed cell, and cells of one level refine those before. *)

From Coq Require Import Reals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums.
Local Open Scope R_scope.

(** The number of cells along an axis at level t: N^t. *)
Definition grid (N t : nat) : Z := (Z.of_nat N ^ Z.of_nat t)%Z.

(** The coordinate of the level-t cell of x along an axis. *)
Definition cell (N t : nat) (x : R) : Z := (Zfloor (INR N ^ t * x) - Zfloor x)%Z.

(** The number sum_i b^i k_i over i < d. *)
Fixpoint number (d : nat) (b : Z) (k : nat -> Z) : Z :=
  match d with O => 0%Z | S m => (number m b k + b ^ Z.of_nat m * k m)%Z end.

(** J_t: the number of the level-t cell of the point x. *)
Definition cell_number (d N t : nat) (x : list R) : Z := number d (grid N t) (fun i => cell N t (coord i x)).

(** The i-th digit of J in base b. *)
Definition digit (b : Z) (i : nat) (J : Z) : Z := ((J / b ^ Z.of_nat i) mod b)%Z.

(** The centre of the level-t cell number J. *)
Definition centre (d N t : nat) (J : Z) : list R :=
  vec d (fun i => (IZR (digit (grid N t) i J) + / 2) / INR N ^ t).

(** The number of the level-t cell that contains the level-(t+1) cell number J. *)
Definition parent (d N t : nat) (J : Z) : Z :=
  number d (grid N t) (fun i => digit (grid N (S t)) i J / Z.of_nat N)%Z.

(** ** One coordinate *)

Lemma grid_INR : forall N t, IZR (grid N t) = INR N ^ t.
Proof. intros. unfold grid. rewrite <- pow_IZR, INR_IZR_INZ. reflexivity. Qed.

Lemma grid_pos : forall N t, (2 <= N)%nat -> (1 <= grid N t)%Z.
Proof. intros. unfold grid. assert (0 < Z.of_nat N ^ Z.of_nat t)%Z by (apply Z.pow_pos_nonneg; lia). lia. Qed.

Lemma grid_S : forall N t, grid N (S t) = (Z.of_nat N * grid N t)%Z.
Proof. intros. unfold grid. rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. reflexivity. Qed.

Lemma grid_mul : forall N t i, (grid N t ^ Z.of_nat i)%Z = grid N (t * i).
Proof. intros. unfold grid. rewrite <- Z.pow_mul_r, Nat2Z.inj_mul by lia. reflexivity. Qed.

Lemma pow_N_pos : forall N t, (2 <= N)%nat -> 0 < INR N ^ t.
Proof. intros. apply pow_lt, lt_0_INR. lia. Qed.

Lemma cell_inside : forall N t x, 0 <= x < 1 -> cell N t x = Zfloor (INR N ^ t * x).
Proof. intros. unfold cell. rewrite (Zfloor_imp 0 x) by (simpl; lra). lia. Qed.

Lemma cell_last : forall N t, cell N t 1 = (grid N t - 1)%Z.
Proof. intros. unfold cell. rewrite Rmult_1_r, <- grid_INR, Zfloor_IZR, (Zfloor_IZR 1). reflexivity. Qed.

Lemma unit_cases : forall x, 0 <= x <= 1 -> 0 <= x < 1 \/ x = 1.
Proof. intros. destruct (Rle_lt_or_eq_dec x 1); [lra| |]; auto; lra. Qed.

Lemma cell_range : forall N t x, (2 <= N)%nat -> 0 <= x <= 1 -> (0 <= cell N t x < grid N t)%Z.
Proof.
  intros N t x HN Hx. pose proof (grid_pos N t HN). pose proof (pow_N_pos N t HN).
  destruct (unit_cases x Hx) as [H1 | ->]; [|rewrite cell_last; lia]. rewrite cell_inside by assumption. split.
  - apply Zfloor_lub. simpl. nra.
  - apply lt_IZR. rewrite grid_INR. eapply Rle_lt_trans; [apply Zfloor_lb|]. nra.
Qed.

(** x lies in its closed cell. *)
Lemma cell_closed : forall N t x, (2 <= N)%nat -> 0 <= x <= 1 ->
  IZR (cell N t x) <= INR N ^ t * x <= IZR (cell N t x) + 1.
Proof.
  intros N t x HN Hx. destruct (unit_cases x Hx) as [H1 | ->].
  - rewrite cell_inside by assumption. split; [apply Zfloor_lb|]. left. apply Zfloor_ub.
  - rewrite cell_last, minus_IZR, grid_INR. lra.
Qed.

Lemma floor_div : forall y n, (0 < n)%Z -> Zfloor (y / IZR n) = (Zfloor y / n)%Z.
Proof.
  intros y n Hn. assert (Hr : 0 < IZR n) by (apply IZR_lt; assumption).
  pose proof (Zfloor_lb y). pose proof (Zfloor_ub y).
  pose proof (Z.div_mod (Zfloor y) n ltac:(lia)) as E. pose proof (Z.mod_pos_bound (Zfloor y) n Hn) as [M1 M2].
  set (q := (Zfloor y / n)%Z) in *. set (r := (Zfloor y mod n)%Z) in *.
  assert (M3 : (r + 1 <= n)%Z) by lia. apply IZR_le in M1. apply IZR_le in M3.
  apply (f_equal IZR) in E. rewrite plus_IZR, mult_IZR in E. rewrite plus_IZR in M3. simpl in M1, M3.
  apply Zfloor_imp. rewrite plus_IZR. simpl.
  assert (D : y / IZR n * IZR n = y) by (field; lra). set (z := y / IZR n) in *. split; nra.
Qed.

(** Cells refine: the level-t coordinate is that of level t+1 divided by N. *)
Lemma cell_parent : forall N t x, (2 <= N)%nat -> 0 <= x <= 1 -> cell N t x = (cell N (S t) x / Z.of_nat N)%Z.
Proof.
  intros N t x HN Hx. destruct (unit_cases x Hx) as [H1 | ->].
  - rewrite !cell_inside by assumption. rewrite <- floor_div by lia. f_equal.
    rewrite <- INR_IZR_INZ. cbn [pow]. field. apply not_0_INR. lia.
  - rewrite !cell_last, grid_S. apply (Z.div_unique _ _ _ (Z.of_nat N - 1)); [left; lia|]. ring.
Qed.

(** ** All coordinates in one number *)

Lemma number_range : forall d b k, (1 <= b)%Z -> (forall i, (i < d)%nat -> (0 <= k i < b)%Z) ->
  (0 <= number d b k < b ^ Z.of_nat d)%Z.
Proof.
  induction d; intros b k Hb Hk; [simpl; lia|]. cbn [number].
  specialize (IHd b k Hb ltac:(intros; apply Hk; lia)). specialize (Hk d ltac:(lia)).
  rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. set (p := (b ^ Z.of_nat d)%Z) in *. nia.
Qed.

Lemma number_ext : forall d b k j, (forall i, (i < d)%nat -> k i = j i) -> number d b k = number d b j.
Proof.
  induction d; intros b k j H; [reflexivity|]. cbn [number]. rewrite (IHd b k j), H by auto with arith. reflexivity.
Qed.

(** The digits of the number are the coordinates. *)
Lemma digit_number : forall d b k i, (1 <= b)%Z -> (forall i, (i < d)%nat -> (0 <= k i < b)%Z) -> (i < d)%nat ->
  digit b i (number d b k) = k i.
Proof.
  induction d; intros b k i Hb Hk Hi; [lia|]. unfold digit in *. cbn [number].
  assert (P : forall n, (0 < b ^ Z.of_nat n)%Z) by (intros; apply Z.pow_pos_nonneg; lia).
  destruct (Nat.eq_dec i d) as [->|Hne].
  - rewrite Z.mul_comm, Z.div_add, Z.div_small, Z.add_0_l by (try apply number_range; auto; specialize (P d); lia).
    apply Z.mod_small, Hk. lia.
  - replace (Z.of_nat d) with (Z.of_nat i + (Z.of_nat (d - i - 1) + 1))%Z by lia.
    rewrite !Z.pow_add_r, Z.pow_1_r by lia.
    replace (number d b k + b ^ Z.of_nat i * (b ^ Z.of_nat (d - i - 1) * b) * k d)%Z
      with (number d b k + b ^ Z.of_nat (d - i - 1) * b * k d * b ^ Z.of_nat i)%Z by ring.
    rewrite Z.div_add by (specialize (P i); lia).
    replace (number d b k / b ^ Z.of_nat i + b ^ Z.of_nat (d - i - 1) * b * k d)%Z
      with (number d b k / b ^ Z.of_nat i + b ^ Z.of_nat (d - i - 1) * k d * b)%Z by ring.
    rewrite Z.mod_add by lia. apply IHd; auto; lia.
Qed.

Section Cube.
Variables (d N t : nat) (x : list R).
Hypotheses (HN : (2 <= N)%nat) (Hx : cube d x).

Lemma cell_number_range : (0 <= cell_number d N t x < grid N (t * d))%Z.
Proof.
  unfold cell_number. rewrite <- grid_mul. apply number_range; [apply grid_pos; assumption|].
  intros. apply cell_range; [assumption|]. apply Hx. assumption.
Qed.

Lemma digit_cell_number : forall i, (i < d)%nat -> digit (grid N t) i (cell_number d N t x) = cell N t (coord i x).
Proof.
  intros i Hi. apply (digit_number d _ (fun i => cell N t (coord i x))); auto using grid_pos.
  intros. apply cell_range; [assumption|]. apply Hx. assumption.
Qed.

(** The centre of the cell of x is within half a side of x, in every coordinate. *)
Lemma centre_near : forall i, (i < d)%nat ->
  Rabs (coord i x - coord i (centre d N t (cell_number d N t x))) <= / 2 * / INR N ^ t.
Proof.
  intros i Hi. unfold centre. rewrite coord_vec, digit_cell_number by assumption.
  pose proof (pow_N_pos N t HN) as P. pose proof (cell_closed N t (coord i x) HN ltac:(apply Hx; assumption)) as C.
  pose proof (Rinv_0_lt_compat _ P). set (k := IZR (cell N t (coord i x))) in *. set (p := INR N ^ t) in *.
  replace (coord i x - (k + / 2) / p) with ((p * coord i x - (k + / 2)) * / p) by (field; lra).
  rewrite Rabs_mult, (Rabs_pos_eq (/ _)) by lra. apply Rmult_le_compat_r; [lra|]. apply Rabs_le. lra.
Qed.

Lemma centre_distance : l1 d x (centre d N t (cell_number d N t x)) <= INR d / 2 * / INR N ^ t.
Proof. eapply Rle_trans; [apply l1_le, centre_near|]. right. unfold Rdiv. ring. Qed.
End Cube.

Lemma digit_range : forall b i J, (1 <= b)%Z -> (0 <= digit b i J < b)%Z.
Proof. intros. apply Z.mod_pos_bound. lia. Qed.

Lemma centre_in_cube : forall d N t J, (2 <= N)%nat -> cube d (centre d N t J).
Proof.
  intros d N t J HN. split; [apply vec_length|]. intros i Hi. unfold centre. rewrite coord_vec by assumption.
  pose proof (pow_N_pos N t HN) as P. pose proof (digit_range (grid N t) i J (grid_pos N t HN)) as [D1 D2].
  assert (D3 : (digit (grid N t) i J + 1 <= grid N t)%Z) by lia. apply IZR_le in D1. apply IZR_le in D3.
  rewrite plus_IZR, grid_INR in D3. simpl in D1, D3. set (k := IZR (digit (grid N t) i J)) in *.
  unfold Rdiv.
  pose proof (Rinv_0_lt_compat _ P). assert (E : INR N ^ t * / INR N ^ t = 1) by (apply Rinv_r; lra).
  split; [nra|]. rewrite <- E. apply Rmult_le_compat_r; lra.
Qed.

Lemma parent_cell_number : forall d N t x, (2 <= N)%nat -> cube d x ->
  parent d N t (cell_number d N (S t) x) = cell_number d N t x.
Proof.
  intros d N t x HN Hx. apply number_ext. intros i Hi. rewrite digit_cell_number by assumption.
  symmetry. apply cell_parent; [assumption|]. apply Hx. assumption.
Qed.
