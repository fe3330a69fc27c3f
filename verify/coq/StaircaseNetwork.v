(** * The network of the ReLU digits, and what it computes

    The layers of StaircaseLayers.v one after the other (docs/geometric.md, Digits; arXiv 2604.20219): its size, the
    values of its channels at every point of the closed cube, and its readouts J_t: the cell number outside the
    strips, between 0 and N^(d t) - 1 inside them. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Cells Staircase StaircaseDigits StaircaseStrips StaircaseLayers.
Import ListNotations.
Local Open Scope R_scope.

(** ** Size *)

Lemma fraction_terms_read : forall d N t i, (2 <= N)%nat -> (i < d)%nat ->
  Forall (fun s => (fst s < if Nat.eqb t 1 then d else 2 * N * d)%nat) (fraction_terms d N t i).
Proof.
  intros d N t i HN Hi. unfold fraction_terms. destruct (Nat.eqb t 1); [repeat constructor; assumption|].
  assert (H : ((2 * N - 1) * (i + 1) <= (2 * N - 1) * d)%nat) by (apply Nat.mul_le_mono_l; lia).
  rewrite Nat.mul_add_distr_l, !Nat.mul_sub_distr_r in H. assert (i <= 2 * N * i)%nat by nia.
  assert (d <= 2 * N * d)%nat by nia.
  unfold remainder_terms, block_at. rewrite Nat.mul_sub_distr_r. constructor; [cbn [fst]; lia|].
  apply Forall_flat_map, Forall_forall. intros j Hj. apply in_seq in Hj. repeat constructor; cbn [fst]; lia.
Qed.

Lemma scaled_reads : forall w c ts,
  Forall (fun s => (fst s < w)%nat) ts -> Forall (fun s => (fst s < w)%nat) (scaled c ts).
Proof. intros w c ts H. apply Forall_map. exact H. Qed.

Lemma staircase_layer_reads : forall d N delta t, (2 <= N)%nat ->
  Forall (neuron_reads_below (if Nat.eqb t 1 then d else 2 * N * d)%nat) (staircase_layer d N delta t).
Proof.
  intros d N delta t HN. unfold staircase_layer. apply Forall_app. split.
  - apply Forall_map, Forall_forall. intros i Hi. apply in_seq in Hi. repeat constructor. cbn [fst].
    destruct (Nat.eqb t 1); nia.
  - apply Forall_flat_map, Forall_forall. intros i Hi. apply in_seq in Hi.
    pose proof (fraction_terms_read d N t i HN ltac:(lia)) as H. unfold staircase_block. constructor; [exact H|].
    apply Forall_flat_map, Forall_forall. intros j _. repeat constructor; apply scaled_reads; exact H.
Qed.

Lemma staircase_layer_length : forall d N delta t, (2 <= N)%nat ->
  length (staircase_layer d N delta t) = (2 * N * d)%nat.
Proof.
  intros d N delta t HN. unfold staircase_layer. rewrite app_length, vec_length.
  rewrite flat_map_length_same with (n := (2 * N - 1)%nat).
  - rewrite seq_length. nia.
  - intros i. unfold staircase_block. cbn [length]. rewrite flat_map_length_same with (n := 2%nat) by reflexivity.
    rewrite seq_length. lia.
Qed.

Lemma index_form_reads : forall d N t, (2 <= N)%nat -> reads_below (2 * N * d) (index_form d N t).
Proof.
  intros d N t HN. unfold index_form, reads_below; cbn [terms]. apply Forall_app. split.
  - apply Forall_map, Forall_forall. intros i Hi. apply in_seq in Hi. cbn [fst]. nia.
  - apply Forall_flat_map, Forall_forall. intros i Hi. apply in_seq in Hi. apply scaled_reads.
    apply (fraction_terms_read d N 2 i); [assumption|lia].
Qed.

Lemma staircase_width : forall d N delta L, (2 <= N)%nat -> (width (staircase_network d N delta L) <= 2 * N * d)%nat.
Proof.
  intros. apply width_le. apply Forall_map, Forall_forall. intros t _. rewrite staircase_layer_length; lia.
Qed.

Lemma staircase_depth : forall d N delta L, depth (staircase_network d N delta L) = L.
Proof. intros. unfold depth, staircase_network; cbn [layers]. apply vec_length. Qed.

Lemma firstn_vec_le : forall A k n (z : nat -> A), (k <= n)%nat -> firstn k (vec n z) = vec k z.
Proof.
  intros A k n z H. unfold vec. replace n with (k + (n - k))%nat by lia.
  rewrite seq_app, map_app, firstn_app, map_length, seq_length, Nat.sub_diag, firstn_O, app_nil_r.
  apply firstn_all2. rewrite map_length, seq_length. lia.
Qed.

Lemma staircase_well_formed : forall d N delta L, (2 <= N)%nat -> well_formed (staircase_network d N delta L).
Proof.
  intros d N delta L HN. split.
  - unfold staircase_network; cbn [inputs layers].
    assert (G : forall n t w, (w = if Nat.eqb t 0 then d else 2 * N * d)%nat ->
      layers_wf w (map (fun t => staircase_layer d N delta (S t)) (seq t n))).
    { induction n; intros t w Hw; [exact I|]. cbn [seq map layers_wf]. split.
      - rewrite Hw. apply (staircase_layer_reads d N delta (S t) HN).
      - apply IHn. rewrite staircase_layer_length by assumption. reflexivity. }
    apply G. reflexivity.
  - apply Forall_map, Forall_forall. intros t Ht. apply in_seq in Ht. cbn [after head].
    split; [rewrite staircase_depth; lia|].
    unfold width_after, staircase_network; cbn [layers inputs]. rewrite firstn_vec_le by lia.
    unfold vec. rewrite map_map, seq_S, map_app. cbn [map]. rewrite last_last, staircase_layer_length by assumption.
    apply index_form_reads. assumption.
Qed.

(** ** Values *)

Lemma staircase_network_state : forall d N delta L t x, (2 <= N)%nat -> 0 < Q2R delta < / INR N -> cube d x ->
  (1 <= t <= L)%nat ->
  state (firstn t (layers (real (staircase_network d N delta L)))) x = staircase_state d N (Q2R delta) t x.
Proof.
  intros d N delta L t x HN Hd Hx Ht. unfold real, map_network, staircase_network; cbn [layers].
  rewrite firstn_map, firstn_vec_le by lia. destruct t as [|t]; [lia|]. clear Ht.
  induction t as [|t IH].
  - unfold vec, state. cbn [seq map fold_left]. apply staircase_first; assumption.
  - unfold vec in *. rewrite seq_S, !map_app, state_app.
    replace (state _ x) with (staircase_state d N (Q2R delta) (S t) x) by (symmetry; exact IH).
    cbn [map Nat.add]. unfold state; cbn [fold_left].
    apply staircase_next; try assumption. lia.
Qed.

Lemma staircase_readout : forall d N delta L t e, (1 <= t <= L)%nat ->
  nth (t - 1) (readouts (real (staircase_network d N delta L))) e = map_readout Q2R (Readout t t (index_form d N t)).
Proof.
  intros d N delta L t e Ht. unfold real, map_network, staircase_network; cbn [readouts]. unfold vec. rewrite map_map.
  etransitivity.
  - apply (nth_vec _ L (fun t => map_readout Q2R (Readout (S t) (S t) (index_form d N (S t))))). lia.
  - replace (S (t - 1)) with t by lia. reflexivity.
Qed.

(** For every d, base N >= 2, rational 0 < delta < 1/N and number of levels L: the network of the ReLU digits is
    well formed, with L layers of width at most 2dN. After layer t, at every point x of the closed cube: X_i carries
    x_i, Z_i is in [0,1], the affine form of the channels that the next layer reads for coordinate i is a number
    z_i^(t) in [0,1], and the readout J_t lies between 0 and N^(d t) - 1. If no coordinate of x lies in a strip
    of a level up to t, then J_t is the number of the level-t cell of x, and z_i^(t) = N^t x_i - k_i. *)
Theorem staircase_network_computes : forall d N delta L, (2 <= N)%nat -> 0 < Q2R delta < / INR N ->
  let n := staircase_network d N delta L in
  well_formed n /\ depth n = L /\ (width n <= 2 * d * N)%nat /\
  forall t x, (1 <= t <= L)%nat -> cube d x ->
    let s := state (firstn t (layers (real n))) x in
    let z := fun i => terms_eval (real_terms (fraction_terms d N (S t) i)) s in
    let J := output (real n) (nth (t - 1) (readouts (real n)) (Readout 0 0 (Affine [] 0))) x in
    (forall i, (i < d)%nat -> coord i s = coord i x /\ 0 <= coord (block_at d N i) s <= 1 /\ 0 <= z i <= 1) /\
    0 <= J <= INR N ^ (t * d) - 1 /\
    (~ in_strips d N (Q2R delta) t x -> J = IZR (cell_number d N t x) /\
      forall i, (i < d)%nat -> z i = INR N ^ t * coord i x - IZR (cell N t (coord i x))).
Proof.
  intros d N delta L HN Hd n. split; [apply staircase_well_formed; assumption|].
  split; [apply staircase_depth|].
  split; [replace (2 * d * N)%nat with (2 * N * d)%nat by lia; apply staircase_width; assumption|].
  intros t x Ht Hx s z J.
  assert (Es : s = staircase_state d N (Q2R delta) t x) by (apply staircase_network_state; assumption).
  assert (Ez : forall i, (i < d)%nat -> z i = fraction N (Q2R delta) t (coord i x)).
  { intros i Hi. unfold z. rewrite Es. unfold fraction_terms. destruct (Nat.eqb_spec (S t) 1); [lia|].
    apply remainder_eval; lia || assumption. }
  assert (EJ : J = staircase_index d N (Q2R delta) t x).
  { unfold J, n. rewrite staircase_readout by assumption. unfold output; cbn [map_readout after head].
    rewrite <- (index_eval d N (Q2R delta) t x HN ltac:(lia)), <- Es. reflexivity. }
  destruct Hx as [Hlen Hx].
  split; [|split].
  - intros i Hi. split; [rewrite Es; apply coord_carrier; assumption|]. split.
    + rewrite Es, <- (Nat.add_0_r (block_at d N i)), coord_block by lia. cbn [nth block_state].
      apply fraction_range; [assumption|lra|apply Hx; assumption].
    + rewrite Ez by assumption. apply fraction_range; [assumption|lra|apply Hx; assumption].
  - rewrite EJ. apply staircase_index_range. assumption.
  - intros Hs. split.
    + rewrite EJ. apply staircase_index_exact; try assumption; [split; assumption|].
      intros i Hi H. apply Hs. exists i. split; assumption.
    + intros i Hi. rewrite Ez by assumption. apply fraction_exact; try assumption; [apply Hx; assumption|].
      intros H. apply Hs. exists i. split; assumption.
Qed.
