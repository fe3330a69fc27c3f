(** * Cell numbers by ReLU staircases

    docs/geometric.md, Digits (arXiv 2604.20219): z^(0) = x, z^(t) = N z^(t-1) - s(z^(t-1)) with the staircase s of
    Staircase.v. Here: outside explicit strips N^t x - z^(t) is the number of the level-t cell of x, x = 1 included;
    inside them everything stays bounded. *)

From Coq Require Import Reals ZArith List Lia Lra Psatz.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Cells Staircase.
Local Open Scope R_scope.

(** The fractional coordinate after [t] digits. *)
Fixpoint fraction (N : nat) (delta : R) (t : nat) (x : R) : R :=
  match t with O => x | S s => INR N * fraction N delta s x - staircase N delta (fraction N delta s x) end.

(** x lies in a strip of a level t <= l: to the left of a multiple m of N^-t that is none of N^-(t-1). *)
Definition in_strip (N : nat) (delta : R) (l : nat) (x : R) : Prop :=
  exists t m : nat, (1 <= t <= l)%nat /\ (1 <= m < N ^ t)%nat /\ ~ Nat.divide N m /\
    INR m / INR N ^ t - delta / INR N ^ (t - 1) <= x < INR m / INR N ^ t.

(** The index J_t of the network: affine in the channels x_i and z_i. *)
Definition staircase_index (d N : nat) (delta : R) (t : nat) (x : list R) : R :=
  sum d (fun i => INR N ^ (t * i) * (INR N ^ t * coord i x - fraction N delta t (coord i x))).

(** ** Bounds that hold in the strips too *)

Lemma fraction_range : forall N delta t x, (2 <= N)%nat -> 0 < delta < / INR N -> 0 <= x <= 1 ->
  0 <= fraction N delta t x <= 1.
Proof. induction t; intros x HN Hd Hx; [assumption|]. cbn [fraction]. apply remainder_range; auto. Qed.

Lemma number_range : forall N delta t x, (2 <= N)%nat ->
  0 <= INR N ^ t * x - fraction N delta t x <= INR N ^ t - 1.
Proof.
  intros N delta t x HN. pose proof (INR_base N HN). induction t as [|t IH]; [simpl; lra|].
  cbn [fraction pow]. pose proof (staircase_range N delta (fraction N delta t x) HN). nra.
Qed.

(** Digits in base Q below Q: a number below Q^d. *)
Lemma mixed_range : forall d Q k, 1 <= Q -> (forall i, (i < d)%nat -> 0 <= k i <= Q - 1) ->
  0 <= sum d (fun i => Q ^ i * k i) <= Q ^ d - 1.
Proof.
  induction d; intros Q k HQ Hk; [simpl; lra|]. cbn [sum pow].
  specialize (IHd Q k HQ ltac:(intros; apply Hk; lia)). specialize (Hk d ltac:(lia)).
  pose proof (pow_R1_Rle Q d HQ). nra.
Qed.

Lemma staircase_index_range : forall d N delta t x, (2 <= N)%nat ->
  0 <= staircase_index d N delta t x <= INR N ^ (t * d) - 1.
Proof.
  intros d N delta t x HN. unfold staircase_index. rewrite pow_mult.
  rewrite (sum_ext d _ (fun i => (INR N ^ t) ^ i * (INR N ^ t * coord i x - fraction N delta t (coord i x))))
    by (intros; rewrite pow_mult; reflexivity).
  apply mixed_range.
  - apply pow_R1_Rle. pose proof (INR_base N HN). lra.
  - intros. apply number_range. assumption.
Qed.

(** ** Exactness outside the strips *)

(** The cell of level t+1 is one of the N parts of that of level t. *)
Lemma cell_step : forall N t x, (2 <= N)%nat -> 0 <= x <= 1 ->
  exists k, (k < N)%nat /\ cell N (S t) x = (Z.of_nat N * cell N t x + Z.of_nat k)%Z.
Proof.
  intros N t x HN Hx. rewrite (cell_parent N t x HN Hx). set (c := cell N (S t) x).
  pose proof (Z.mod_pos_bound c (Z.of_nat N) ltac:(lia)). exists (Z.to_nat (c mod Z.of_nat N)). split; [lia|].
  rewrite Z2Nat.id by lia. apply Z.div_mod. lia.
Qed.

(** Where x lies in its cell: x = 1 in the last one. *)
Lemma cell_bounds : forall N t x, (2 <= N)%nat -> 0 <= x <= 1 ->
  IZR (cell N t x) <= INR N ^ t * x /\
  (INR N ^ t * x < IZR (cell N t x) + 1 \/ x = 1 /\ cell N t x = (grid N t - 1)%Z).
Proof.
  intros N t x HN Hx. split; [apply cell_closed; assumption|]. destruct (unit_cases x Hx) as [H | ->].
  - left. rewrite cell_inside by assumption. apply Zfloor_ub.
  - right. split; [reflexivity|apply cell_last].
Qed.

(** Outside the strips of the levels up to t, z^(t) is the exact remainder. *)
Lemma fraction_exact : forall N delta t x, (2 <= N)%nat -> 0 < delta < / INR N -> 0 <= x <= 1 ->
  ~ in_strip N delta t x -> fraction N delta t x = INR N ^ t * x - IZR (cell N t x).
Proof.
  induction t as [|t IH]; intros x HN Hd Hx Hs; [unfold cell; simpl pow; rewrite Rmult_1_l, Z.sub_diag; simpl; lra|].
  pose proof (INR_base N HN) as H2. cbn [fraction].
  rewrite IH; try assumption.
  2: { intros (s & m & Hs1 & Hs2). apply Hs. exists s, m. split; [lia|exact Hs2]. }
  destruct (cell_step N t x HN Hx) as (k & Hk & E). destruct (cell_bounds N (S t) x HN Hx) as [L U].
  set (c := cell N t x) in *. set (c' := cell N (S t) x) in *. cbn [pow] in *.
  assert (EZ : IZR c' = INR N * IZR c + INR k).
  { rewrite E, plus_IZR, mult_IZR, <- !INR_IZR_INZ. reflexivity. }
  rewrite (staircase_flat N delta k); try assumption; try lra.
  - apply Rmult_le_reg_l with (INR N); [lra|].
    replace (INR N * (INR k / INR N)) with (INR k) by (field; lra). lra.
  - intros HkN. destruct U as [U|[_ U]].
    2: { exfalso. pose proof (cell_range N t x HN Hx). fold c in H. rewrite E, grid_S in U. nia. }
    destruct (Rle_lt_dec (INR N ^ t * x - IZR c) (INR (S k) / INR N - delta)) as [|Hlt]; [assumption|].
    exfalso. apply Hs. pose proof (cell_range N t x HN Hx) as Rc. fold c in Rc.
    exists (S t), (N * Z.to_nat c + S k)%nat.
    assert (Em : INR (N * Z.to_nat c + S k) = IZR c' + 1).
    { rewrite plus_INR, mult_INR, (INR_IZR_INZ (Z.to_nat c)), Z2Nat.id, EZ, S_INR by lia. lra. }
    split; [lia|]. split; [|split].
    + split; [lia|]. apply Nat2Z.inj_lt. rewrite Nat2Z.inj_add, Nat2Z.inj_mul, Z2Nat.id by lia.
      rewrite Nat2Z.inj_pow. fold (grid N (S t)). rewrite grid_S. nia.
    + intros [q Hq]. assert (Hq' : (N * Z.to_nat c + S k = N * q)%nat) by lia.
      destruct (le_lt_dec q (Z.to_nat c)) as [Hle|Hlt']; nia.
    + rewrite Em, Nat.sub_succ, Nat.sub_0_r. cbn [pow]. pose proof (pow_lt (INR N) t ltac:(lra)) as HP.
      set (P := INR N ^ t) in *. rewrite S_INR in Hlt. split.
      * apply Rmult_le_reg_l with (INR N * P); [apply Rmult_lt_0_compat; lra|].
        replace (INR N * P * ((IZR c' + 1) / (INR N * P) - delta / P))
          with (IZR c' + 1 - INR N * delta) by (field; lra).
        apply (Rmult_lt_compat_l (INR N)) in Hlt; [|lra].
        replace (INR N * ((INR k + 1) / INR N - delta)) with (INR k + 1 - INR N * delta) in Hlt by (field; lra). lra.
      * apply Rmult_lt_reg_l with (INR N * P); [apply Rmult_lt_0_compat; lra|].
        replace (INR N * P * ((IZR c' + 1) / (INR N * P))) with (IZR c' + 1) by (field; lra). lra.
Qed.

(** The index as a sum over the coordinates. *)
Lemma number_sum : forall d b k, IZR (number d b k) = sum d (fun i => IZR b ^ i * IZR (k i)).
Proof.
  induction d; intros b k; [reflexivity|]. cbn [number sum].
  rewrite plus_IZR, mult_IZR, IHd, <- pow_IZR. reflexivity.
Qed.

(** Outside the strips of all coordinates J_t is the number of the cell. *)
Lemma staircase_index_exact : forall d N delta t x, (2 <= N)%nat -> 0 < delta < / INR N -> cube d x ->
  (forall i, (i < d)%nat -> ~ in_strip N delta t (coord i x)) ->
  staircase_index d N delta t x = IZR (cell_number d N t x).
Proof.
  intros d N delta t x HN Hd [_ Hx] Hs. unfold staircase_index, cell_number. rewrite number_sum.
  apply sum_ext. intros i Hi. rewrite fraction_exact by auto. rewrite grid_INR, pow_mult. ring.
Qed.
