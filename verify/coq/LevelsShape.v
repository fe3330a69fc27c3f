(** * The shape of a geometric network, for any digits and any decoders

    Levels.v says what the wiring of docs/geometric.md computes. Here: it is well formed, it has L+2 layers, its width
    is counted from its channels, and the readout of level l needs the first l+2 layers only. *)

From Coq Require Import Reals QArith List Lia.
From Approxcert Require Import Sums Network Levels.
Import ListNotations.
Local Open Scope nat_scope.

(** ** Reading more *)

Lemma affine_reads_mono : forall A (u : affine A) v w, v <= w -> reads_below v u -> reads_below w u.
Proof. unfold reads_below; intros A u v w H. apply Forall_impl. intros; lia. Qed.

Lemma neuron_reads_mono : forall A (n : neuron A) v w, v <= w -> neuron_reads_below v n -> neuron_reads_below w n.
Proof.
  intros A [a u|s] v w H; simpl; [apply affine_reads_mono; assumption|apply Forall_impl; intros; lia].
Qed.

Lemma layer_reads_mono : forall A (l : layer A) v w, v <= w ->
  Forall (neuron_reads_below v) l -> Forall (neuron_reads_below w) l.
Proof. intros A l v w H. apply Forall_impl. intros n. apply neuron_reads_mono. assumption. Qed.

Lemma shift_affine_reads : forall k u w, reads_below w u -> reads_below (k + w) (shift_affine k u).
Proof.
  unfold reads_below; intros k u w H; simpl. apply Forall_map. revert H. apply Forall_impl. intros; simpl; lia.
Qed.

Lemma shift_layer_reads : forall k l w, Forall (neuron_reads_below w) l ->
  Forall (neuron_reads_below (k + w)) (map (shift_neuron k) l).
Proof.
  intros k l w H. apply Forall_map. revert H. apply Forall_impl. intros [a u|s]; simpl.
  - apply shift_affine_reads.
  - intros H. apply Forall_map. revert H. apply Forall_impl. intros; lia.
Qed.

(** ** Every layer reads the layer before *)

Lemma layer_of_length : forall p t, length (layer_of p t) = S (carrier_at p t).
Proof.
  intros. unfold layer_of, carrier_at, inner_at, outer_at. rewrite !app_length, map_length. simpl. lia.
Qed.

Lemma corrected_reads : forall p t c, plan_wf p -> reads_below (S (carrier_at p t)) (corrected p t c).
Proof.
  intros p t c W. unfold corrected, reads_below; simpl. apply Forall_app. split; [|repeat constructor].
  destruct (decoder_of_wf p (t - 2) W) as [_ [_ H]].
  apply (shift_affine_reads (outer_at p t)) in H. revert H. apply Forall_impl.
  unfold carrier_at, inner_at. intros; lia.
Qed.

(** The number of values before layer t. *)
Definition before (p : plan) (t : nat) : nat := if t =? 1 then dimension p else length (layer_of p (t - 1)).

Lemma layer_of_reads : forall p t, plan_wf p -> 1 <= t -> Forall (neuron_reads_below (before p t)) (layer_of p t).
Proof.
  intros p t W Ht. assert (D : Forall (neuron_reads_below (before p t)) (digits_of p t)).
  { destruct (le_gt_dec t (levels p)) as [H|H]; [|rewrite digits_of_none by assumption; constructor].
    rewrite digits_of_eq by assumption. destruct W as [W _]. specialize (W t ltac:(lia)). revert W.
    apply layer_reads_mono. unfold before. destruct (t =? 1); [lia|].
    rewrite layer_of_length, <- (digits_of_eq p (t - 1)) by lia. unfold carrier_at, inner_at, outer_at. lia. }
  unfold layer_of. apply Forall_app. split; [assumption|].
  unfold before, carrier in *. destruct (Nat.eqb_spec t 1) as [->|H1].
  - simpl. repeat constructor.
  - replace (t <=? 1) with false by (symmetry; apply Nat.leb_nle; lia). rewrite layer_of_length.
    repeat (apply Forall_app; split).
    + destruct (decoder_of_wf p (t - 2) W) as [_ [H _]]. apply (shift_layer_reads (inner_at p (t - 1))) in H.
      revert H. apply layer_reads_mono. unfold carrier_at.
      replace (t - 1 - 1) with (t - 2) by lia. lia.
    + destruct (decoder_of_wf p (t - 1) W) as [H _]. revert H. apply layer_reads_mono.
      unfold carrier_at, inner_at, outer_at. lia.
    + constructor; [|constructor]. cbn [neuron_reads_below]. apply corrected_reads. assumption.
Qed.

Lemma layers_wf_from : forall p, plan_wf p -> forall n t, 1 <= t ->
  layers_wf (before p t) (map (layer_of p) (seq t n)).
Proof.
  intros p W. induction n as [|n IH]; intros t Ht; [exact I|]. cbn [seq map layers_wf]. split.
  - apply layer_of_reads; assumption.
  - specialize (IH (S t) ltac:(lia)). unfold before in IH at 1.
    replace (S t =? 1) with false in IH by (symmetry; apply Nat.eqb_neq; lia).
    rewrite Nat.sub_succ, Nat.sub_0_r in IH. exact IH.
Qed.

Lemma layers_from_1 : forall A (z : nat -> A) n, vec n (fun t => z (S t)) = map z (seq 1 n).
Proof. intros. unfold vec. rewrite <- seq_shift, map_map. reflexivity. Qed.

Lemma last_vec : forall A n (z : nat -> A) e, last (vec (S n) z) e = z n.
Proof. intros. unfold vec. rewrite seq_S, map_app. apply last_last. Qed.

Lemma geometric_width_after : forall p k, S k <= levels p + 2 ->
  width_after (geometric p) (S k) = S (carrier_at p (S k)).
Proof.
  intros p k H. unfold width_after, geometric; cbn [layers inputs]. rewrite firstn_vec by assumption.
  unfold vec at 1. rewrite map_map. fold (vec (S k) (fun t => length (layer_of p (S t)))).
  rewrite last_vec. apply layer_of_length.
Qed.

Lemma readouts_cut : forall A k m (g : nat -> readout A), (forall l, after (g l) = l + 2) ->
  filter (fun r => after r <=? k + 1) (vec (k + m) g) = vec k g.
Proof.
  intros A k m g Hg. unfold vec. rewrite seq_app, map_app, filter_app.
  replace (filter _ (map g (seq 0 k))) with (map g (seq 0 k)).
  - replace (filter _ (map g (seq (0 + k) m))) with (@nil (readout A)); [apply app_nil_r|].
    assert (H : forall n j, k <= j -> [] = filter (fun r => after r <=? k + 1) (map g (seq j n))); [|apply H; lia].
    induction n as [|n IH]; intros j Hj; [reflexivity|]. cbn [seq map filter]. rewrite Hg.
    destruct (Nat.leb_spec (j + 2) (k + 1)); [lia|]. apply IH. lia.
  - assert (H : forall n j, j + n <= k -> map g (seq j n) = filter (fun r => after r <=? k + 1) (map g (seq j n)));
      [|apply H; lia].
    induction n as [|n IH]; intros j Hj; [reflexivity|]. cbn [seq map filter]. rewrite Hg.
    destruct (Nat.leb_spec (j + 2) (k + 1)); [|lia]. f_equal. apply IH. lia.
Qed.

(** ** Headlines *)

(** A geometric network is well formed: every neuron and every readout reads neurons that exist. *)
Lemma geometric_well_formed : forall p, plan_wf p -> well_formed (geometric p).
Proof.
  intros p W. split.
  - cbn [geometric layers inputs]. rewrite layers_from_1. apply (layers_wf_from p W _ 1). lia.
  - change (readouts (geometric p)) with (vec (S (levels p)) (readout_of p)). apply Forall_map, Forall_forall.
    intros l Hl. apply in_seq in Hl.
    cbn [readout_of after head]. split.
    + unfold depth, geometric; cbn [layers]. rewrite vec_length. lia.
    + replace (l + 2) with (S (l + 1)) by lia. rewrite geometric_width_after by lia.
      apply corrected_reads. assumption.
Qed.

(** It has L + 2 hidden layers and L + 1 readouts. *)
Lemma geometric_depth : forall p, depth (geometric p) = levels p + 2.
Proof. intros. unfold depth, geometric; cbn [layers]. apply vec_length. Qed.
Lemma geometric_readouts : forall p, length (readouts (geometric p)) = S (levels p).
Proof. intros. unfold geometric; cbn [readouts]. apply vec_length. Qed.

(** Its width is at most the sum of the channels of the digits, of one decoder's inner and another's outer ones, and
    S. *)
Lemma geometric_width : forall p a b c,
  (forall t, 1 <= t <= levels p -> length (digits p t) <= a) ->
  (forall t, 1 <= t <= levels p -> length (inner (decoders p t)) <= b) ->
  (forall t, 1 <= t <= levels p -> length (outer (decoders p t)) <= c) ->
  width (geometric p) <= a + b + c + 1.
Proof.
  intros p a b c Ha Hb Hc. apply width_le, Forall_map, Forall_forall. intros t Ht. apply in_seq in Ht.
  rewrite layer_of_length. unfold carrier_at, inner_at, outer_at.
  assert (length (digits_of p (S t)) <= a).
  { unfold digits_of. destruct (Nat.leb_spec (S t) (levels p)); [apply Ha; lia|simpl; lia]. }
  assert (D : forall s, length (inner (decoder_of p s)) <= b /\ length (outer (decoder_of p s)) <= c).
  { intros s. unfold decoder_of. destruct (Nat.leb_spec 1 s), (Nat.leb_spec s (levels p)); simpl; auto with arith. }
  destruct (D (S t - 1)), (D (S t - 2)). lia.
Qed.

(** The readout of level l is computed by the first l + 2 layers: the network cut there computes the same. *)
Theorem geometric_prefix : forall p l x, l <= levels p ->
  depth (prefix (l + 2) (real (geometric p))) = l + 2 /\
  length (readouts (prefix (l + 2) (real (geometric p)))) = l + 1 /\
  forall k, k <= l -> Phi (prefix (l + 2) (real (geometric p))) k x = Phi (real (geometric p)) k x.
Proof.
  intros p l x Hl.
  assert (R : readouts (prefix (l + 2) (real (geometric p))) = vec (l + 1) (fun k => map_readout Q2R (readout_of p k))).
  { unfold prefix, real, geometric, map_network; cbn [readouts]. unfold vec at 1. rewrite map_map.
    replace (S (levels p)) with (l + 1 + (levels p - l)) by lia.
    replace (l + 2) with (l + 1 + 1) by lia. apply readouts_cut. intros; simpl; lia. }
  rewrite R, vec_length. repeat split.
  - unfold depth, prefix, real, map_network, geometric; cbn [layers].
    rewrite firstn_length, map_length, vec_length. lia.
  - intros k Hk. unfold Phi. rewrite R, nth_vec by lia.
    replace (nth k (readouts (real (geometric p))) _) with (map_readout Q2R (readout_of p k)).
    + apply prefix_output. simpl. lia.
    + unfold real, geometric, map_network; cbn [readouts].
      unfold vec. rewrite map_map. symmetry.
      apply (nth_vec _ (S (levels p)) (fun k => map_readout Q2R (readout_of p k))). lia.
Qed.
