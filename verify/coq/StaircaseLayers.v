(** * The layers of the ReLU digits

    The channels that constructs/digits.py (StaircaseDigits) writes into layer t: carriers X_i of the coordinates,
    then for each coordinate the carrier Z_i of the fractional coordinate and the ramps A_i.j, B_i.j, j = 1..N-1,
    as data over Q; and the cell number J_t, affine in layer t. Here: what these channels are worth at every point
    of the closed cube, and that J_t is exact outside the strips (docs/geometric.md, Digits; arXiv 2604.20219). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra Psatz.
From Approxcert Require Import Sums Network Staircase StaircaseDigits.
Import ListNotations.
Local Open Scope R_scope.

(** ** The channels *)

Definition Q_nat (n : nat) : Q := inject_Z (Z.of_nat n).

(** Where the channels Z_i, A_i.1, B_i.1, ..., A_i.N-1, B_i.N-1 begin in a layer. *)
Definition block_at (d N i : nat) : nat := (d + (2 * N - 1) * i)%nat.

(** z_i^(t) = N Z_i - sum of A_i.j - B_i.j in a layer t whose block of coordinate i begins at p. *)
Definition remainder_terms (N p : nat) : list (nat * Q) :=
  (p, Q_nat N) :: flat_map (fun j => [((p + 1 + 2 * j)%nat, (-1)%Q); ((p + 2 + 2 * j)%nat, 1%Q)]) (seq 0 (N - 1)).

(** What layer t reads z_i^(t-1) from: the input in layer 1. *)
Definition fraction_terms (d N t i : nat) : list (nat * Q) :=
  if Nat.eqb t 1 then [(i, 1%Q)] else remainder_terms N (block_at d N i).

Definition scaled (c : Q) (ts : list (nat * Q)) : list (nat * Q) := map (fun t => (fst t, c * snd t)%Q) ts.

(** (z - j/N)/delta + c. *)
Definition rise (N : nat) (delta : Q) (z : list (nat * Q)) (j : nat) (c : Q) : affine Q :=
  Affine (scaled (/ delta) z) (/ delta * - (Q_nat j / Q_nat N) + c)%Q.

(** Z_i and the ramps of coordinate i. *)
Definition staircase_block (N : nat) (delta : Q) (z : list (nat * Q)) : layer Q :=
  Act Relu (Affine z 0%Q) ::
  flat_map (fun j => [Act Relu (rise N delta z (S j) 1%Q); Act Relu (rise N delta z (S j) 0%Q)]) (seq 0 (N - 1)).

(** The digit channels of layer t = 1, 2, ... *)
Definition staircase_layer (d N : nat) (delta : Q) (t : nat) : layer Q :=
  vec d (fun i => Act Relu (Affine [(i, 1%Q)] 0%Q)) ++
  flat_map (fun i => staircase_block N delta (fraction_terms d N t i)) (seq 0 d).

(** J_t = sum of N^(t i) (N^t X_i - z_i^(t)), affine in layer t. *)
Definition index_form (d N t : nat) : affine Q :=
  Affine (vec d (fun i => (i, Q_nat (N ^ (t * i) * N ^ t))) ++
          flat_map (fun i => scaled (- Q_nat (N ^ (t * i))) (remainder_terms N (block_at d N i))) (seq 0 d)) 0%Q.

(** The digits alone as a network: L layers, readout t is J_t. *)
Definition staircase_network (d N : nat) (delta : Q) (L : nat) : network Q :=
  Network d (vec L (fun t => staircase_layer d N delta (S t)))
    (vec L (fun t => Readout (S t) (S t) (index_form d N (S t)))).

(** ** Their values *)

(** Z_i, A_i.j, B_i.j where the fractional coordinate is z. *)
Definition block_state (N : nat) (delta z : R) : list R :=
  z :: flat_map (fun j => [Rmax (/ delta * (z - INR (S j) / INR N) + 1) 0;
                           Rmax (/ delta * (z - INR (S j) / INR N)) 0]) (seq 0 (N - 1)).

(** The digit channels of layer t. *)
Definition staircase_state (d N : nat) (delta : R) (t : nat) (x : list R) : list R :=
  vec d (fun i => coord i x) ++
  flat_map (fun i => block_state N delta (fraction N delta (t - 1) (coord i x))) (seq 0 d).

(** ** Lists of blocks *)

Lemma map_flat_map : forall A B C (g : B -> C) (h : A -> list B) l,
  map g (flat_map h l) = flat_map (fun a => map g (h a)) l.
Proof. induction l as [|a l IH]; [reflexivity|]. cbn [flat_map]. rewrite map_app, IH. reflexivity. Qed.

Lemma flat_map_ext_in : forall A B (g h : A -> list B) l,
  (forall a, In a l -> g a = h a) -> flat_map g l = flat_map h l.
Proof.
  induction l as [|a l IH]; intros H; [reflexivity|]. cbn [flat_map].
  rewrite (H a), IH by (auto using in_eq, in_cons). reflexivity.
Qed.

Lemma flat_map_length_same : forall A B (h : A -> list B) n l, (forall a, length (h a) = n) ->
  length (flat_map h l) = (n * length l)%nat.
Proof.
  induction l as [|a l IH]; intros H; [simpl; lia|]. cbn [flat_map length].
  rewrite app_length, IH, H by assumption. lia.
Qed.

Lemma nth_flat_map : forall A (h : nat -> list A) n m i k e,
  (forall j, length (h j) = n) -> (i < m)%nat -> (k < n)%nat ->
  nth (n * i + k) (flat_map h (seq 0 m)) e = nth k (h i) e.
Proof.
  intros A h n m i k e Hn Hi Hk.
  assert (G : forall m i a, (i < m)%nat -> nth (n * i + k) (flat_map h (seq a m)) e = nth k (h (a + i)%nat) e).
  { clear i m Hi. induction m as [|m IH]; intros i a Hi; [lia|]. cbn [seq flat_map]. destruct i as [|i].
    - rewrite Nat.mul_0_r, Nat.add_0_r. apply nth_app_left. rewrite Hn. assumption.
    - rewrite Nat.mul_succ_r, (Nat.add_comm (n * i) n), <- Nat.add_assoc.
      rewrite nth_app_right by apply Hn. rewrite IH by lia. do 2 f_equal. lia. }
  apply (G m i 0%nat Hi).
Qed.

Lemma terms_eval_flat_map : forall (h : nat -> list (nat * R)) n s,
  terms_eval (flat_map h (seq 0 n)) s = sum n (fun j => terms_eval (h j) s).
Proof.
  induction n; intros; [reflexivity|]. rewrite seq_S, flat_map_app, terms_eval_app, IHn.
  cbn [sum flat_map Nat.add]. rewrite app_nil_r. reflexivity.
Qed.

(** ** Rational weights as real ones *)

Definition real_terms (ts : list (nat * Q)) : list (nat * R) := map (fun t => (fst t, Q2R (snd t))) ts.

Lemma Q2R_0 : Q2R 0 = 0. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_1 : Q2R 1 = 1. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_m1 : Q2R (-1) = -1. Proof. unfold Q2R; simpl; lra. Qed.
Lemma Q2R_nat : forall n, Q2R (Q_nat n) = INR n.
Proof. intros. unfold Q2R, Q_nat, inject_Z; cbn [Qnum Qden]. rewrite <- INR_IZR_INZ. lra. Qed.
Lemma Q2R_nonzero : forall q, Q2R q <> 0 -> ~ (q == 0)%Q.
Proof. intros q H E. apply H. rewrite (Qeq_eqR _ _ E). apply Q2R_0. Qed.

Lemma scaled_eval : forall c ts s, terms_eval (real_terms (scaled c ts)) s = Q2R c * terms_eval (real_terms ts) s.
Proof.
  induction ts as [|[i w] ts IH]; intros s; [simpl; lra|].
  cbn [scaled real_terms map terms_eval fst snd]. fold (scaled c ts). fold (real_terms (scaled c ts)) (real_terms ts).
  rewrite IH, Q2R_mult. lra.
Qed.

Lemma rise_eval : forall N delta z j c s, (2 <= N)%nat -> 0 < Q2R delta ->
  affine_eval (map_affine Q2R (rise N delta z j c)) s =
  / Q2R delta * (terms_eval (real_terms z) s - INR j / INR N) + Q2R c.
Proof.
  intros N delta z j c s HN Hd. pose proof (INR_base N HN). unfold affine_eval, rise, map_affine; cbn [terms bias].
  fold (real_terms (scaled (/ delta) z)). rewrite scaled_eval, Q2R_plus, Q2R_mult, Q2R_opp, Q2R_div, !Q2R_nat, Q2R_inv.
  - lra.
  - apply Q2R_nonzero. lra.
  - apply Q2R_nonzero. rewrite Q2R_nat. lra.
Qed.

(** ** From layer to layer *)

Lemma block_eval : forall N delta z s v, (2 <= N)%nat -> 0 < Q2R delta -> terms_eval (real_terms z) s = v -> 0 <= v ->
  layer_eval s (map (map_neuron Q2R) (staircase_block N delta z)) = block_state N (Q2R delta) v.
Proof.
  intros N delta z s v HN Hd Hz Hv. unfold staircase_block, block_state, layer_eval. cbn [map]. f_equal.
  - cbn [map_neuron neuron_eval activate]. unfold affine_eval, map_affine; cbn [terms bias]. fold (real_terms z).
    rewrite Hz, Q2R_0, Rplus_0_r. apply Rmax_left. assumption.
  - rewrite !map_flat_map. apply flat_map_ext_in. intros j _. cbn [map map_neuron neuron_eval activate].
    rewrite !rise_eval, Hz, Q2R_0, Q2R_1, Rplus_0_r by assumption. reflexivity.
Qed.

Lemma block_length : forall N delta v, (2 <= N)%nat -> length (block_state N delta v) = (2 * N - 1)%nat.
Proof.
  intros. unfold block_state. cbn [length]. rewrite flat_map_length_same with (n := 2%nat) by reflexivity.
  rewrite seq_length. lia.
Qed.

Lemma coord_carrier : forall d N delta t x i, (i < d)%nat -> coord i (staircase_state d N delta t x) = coord i x.
Proof.
  intros. unfold staircase_state, coord at 1. rewrite nth_app_left by (rewrite vec_length; assumption).
  rewrite nth_vec by assumption. reflexivity.
Qed.

Lemma coord_block : forall d N delta t x i k, (2 <= N)%nat -> (i < d)%nat -> (k < 2 * N - 1)%nat ->
  coord (block_at d N i + k) (staircase_state d N delta t x) =
  nth k (block_state N delta (fraction N delta (t - 1) (coord i x))) 0.
Proof.
  intros d N delta t x i k HN Hi Hk. unfold staircase_state, block_at, coord at 1. rewrite <- Nat.add_assoc.
  rewrite nth_app_right by apply vec_length.
  apply (nth_flat_map R (fun i => block_state N delta (fraction N delta (t - 1) (coord i x)))); try assumption.
  intros. apply block_length. assumption.
Qed.

Lemma remainder_eval : forall d N delta t x i, (2 <= N)%nat -> (1 <= t)%nat -> (i < d)%nat ->
  terms_eval (real_terms (remainder_terms N (block_at d N i))) (staircase_state d N delta t x) =
  fraction N delta t (coord i x).
Proof.
  intros d N delta t x i HN Ht Hi. destruct t as [|t]; [lia|]. cbn [fraction].
  set (z := fraction N delta t (coord i x)). unfold remainder_terms, real_terms. cbn [map terms_eval fst snd].
  rewrite map_flat_map, terms_eval_flat_map, Q2R_nat.
  assert (E0 : coord (block_at d N i) (staircase_state d N delta (S t) x) = z).
  { rewrite <- (Nat.add_0_r (block_at d N i)), coord_block by lia. rewrite Nat.sub_succ, Nat.sub_0_r. reflexivity. }
  rewrite E0. unfold staircase.
  rewrite (sum_ext (N - 1) _ (fun j => -1 * ramp N delta (S j) z)).
  - rewrite sum_scale. lra.
  - intros j Hj. cbn [map fst snd terms_eval]. rewrite Q2R_m1, Q2R_1.
    replace (block_at d N i + 1 + 2 * j)%nat with (block_at d N i + (1 + (2 * j + 0)))%nat by lia.
    replace (block_at d N i + 2 + 2 * j)%nat with (block_at d N i + (1 + (2 * j + 1)))%nat by lia.
    rewrite !coord_block by lia. rewrite Nat.sub_succ, Nat.sub_0_r. fold z. unfold block_state. cbn [Nat.add nth].
    rewrite !(nth_flat_map R _ 2 (N - 1) j) by (reflexivity || lia). cbn [nth]. unfold ramp. lra.
Qed.

Lemma staircase_layer_eval : forall d N delta t x s, (2 <= N)%nat -> 0 < Q2R delta < / INR N -> cube d x ->
  (forall i, (i < d)%nat -> coord i s = coord i x) ->
  (forall i, (i < d)%nat ->
    terms_eval (real_terms (fraction_terms d N t i)) s = fraction N (Q2R delta) (t - 1) (coord i x)) ->
  layer_eval s (map (map_neuron Q2R) (staircase_layer d N delta t)) = staircase_state d N (Q2R delta) t x.
Proof.
  intros d N delta t x s HN Hd [_ Hx] Hs Hf. unfold staircase_layer, staircase_state.
  rewrite map_app, layer_eval_app. f_equal.
  - unfold vec, layer_eval. rewrite !map_map. apply map_ext_in. intros i Hi. apply in_seq in Hi.
    cbn [map_neuron neuron_eval activate]. unfold affine_eval, map_affine; cbn [terms bias map fst snd terms_eval].
    rewrite Hs, Q2R_1, Q2R_0 by lia. specialize (Hx i ltac:(lia)). rewrite Rmax_left; lra.
  - unfold layer_eval. rewrite !map_flat_map. apply flat_map_ext_in. intros i Hi. apply in_seq in Hi.
    apply block_eval; [assumption|lra|apply Hf; lia|]. apply fraction_range; [assumption|lra|apply Hx; lia].
Qed.

Lemma staircase_first : forall d N delta x, (2 <= N)%nat -> 0 < Q2R delta < / INR N -> cube d x ->
  layer_eval x (map (map_neuron Q2R) (staircase_layer d N delta 1)) = staircase_state d N (Q2R delta) 1 x.
Proof.
  intros d N delta x HN Hd Hx. apply staircase_layer_eval; try assumption; try reflexivity.
  intros i Hi. unfold fraction_terms; cbn [Nat.eqb real_terms map terms_eval fst snd]. rewrite Q2R_1. simpl. lra.
Qed.

Lemma staircase_next : forall d N delta t x, (2 <= N)%nat -> 0 < Q2R delta < / INR N -> cube d x -> (1 <= t)%nat ->
  layer_eval (staircase_state d N (Q2R delta) t x) (map (map_neuron Q2R) (staircase_layer d N delta (S t))) =
  staircase_state d N (Q2R delta) (S t) x.
Proof.
  intros d N delta t x HN Hd Hx Ht. apply staircase_layer_eval; try assumption.
  - intros. apply coord_carrier. assumption.
  - intros i Hi. unfold fraction_terms. destruct (Nat.eqb_spec (S t) 1); [lia|].
    rewrite Nat.sub_succ, Nat.sub_0_r. apply remainder_eval; assumption.
Qed.

Lemma index_eval : forall d N delta t x, (2 <= N)%nat -> (1 <= t)%nat ->
  affine_eval (map_affine Q2R (index_form d N t)) (staircase_state d N delta t x) = staircase_index d N delta t x.
Proof.
  intros d N delta t x HN Ht. unfold index_form, affine_eval, map_affine; cbn [terms bias].
  rewrite map_app, terms_eval_app, map_flat_map, terms_eval_flat_map, Q2R_0, Rplus_0_r.
  unfold vec. rewrite map_map.
  pose (w := fun i => Q_nat (N ^ (t * i) * N ^ t)).
  assert (E : terms_eval (map (fun i => (fst (i, w i), Q2R (snd (i, w i)))) (seq 0 d)) (staircase_state d N delta t x) =
              sum d (fun i => INR N ^ (t * i) * INR N ^ t * coord i x)).
  { rewrite <- (sum_ext d (fun i => Q2R (w i) * coord (0 + i) (staircase_state d N delta t x))).
    - apply (terms_eval_row 0 d (fun i => Q2R (w i))).
    - intros i Hi. unfold w. rewrite Q2R_nat, mult_INR, !pow_INR. cbn [Nat.add].
      rewrite coord_carrier by assumption. reflexivity. }
  unfold w in E. rewrite E, <- sum_plus. apply sum_ext. intros i Hi.
  fold (real_terms (scaled (- Q_nat (N ^ (t * i))) (remainder_terms N (block_at d N i)))).
  rewrite scaled_eval, remainder_eval, Q2R_opp, Q2R_nat, pow_INR by assumption. ring.
Qed.
