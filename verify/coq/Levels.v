(** * The wiring of a geometric network, for any digits and any decoders

    docs/geometric.md, layers: layer t holds the digit channels of level t, the outer decoder channels of level t-2,
    the inner ones of level t-1, and S, which carries the readout of the level before plus an offset. This file wires
    them up as constructs/geometric.py does, for any digit channels and any decoders, and proves what comes out:
    readout l is the value of level 0 plus the corrections of the levels 1, ..., l, each decoded from the digit
    channels alone (arXiv 2604.20219 states such a network; the construction is ours). *)

From Coq Require Import Reals QArith Qreals List Lia Lra.
From Approxcert Require Import Sums Network.
Import ListNotations.
Local Open Scope R_scope.

(** What a network's readout number [l] computes. *)
Definition Phi (n : network R) (l : nat) (x : list R) : R :=
  output n (nth l (readouts n) (Readout 0 0 (Affine [] 0))) x.

(** The decoder of one level: [inner] reads the digit channels of that level, [outer] reads [inner] and the
    correction reads [outer]; sources are counted from the first channel of what is read. *)
Record decoder := Decoder { inner : layer Q; outer : layer Q; correction : affine Q }.

(** No channels, the same correction on every cell. *)
Definition constant_decoder (c : Q) : decoder := Decoder [] [] (Affine [] c).

(** All that a geometric network is made from; the digit channels of layer t+1 read those of layer t. *)
Record plan := Plan {
  dimension : nat;
  levels : nat;
  digits : nat -> layer Q;      (* in layer t = 1, ..., levels *)
  decoders : nat -> decoder;    (* of level t = 1, ..., levels *)
  value0 : Q;                   (* the readout of level 0 *)
  offset : nat -> Z             (* makes the readout of level t nonnegative *)
}.

(** ** The network *)

Definition shift_affine (k : nat) (u : affine Q) : affine Q :=
  Affine (map (fun t => ((k + fst t)%nat, snd t)) (terms u)) (bias u).
Definition shift_neuron (k : nat) (n : neuron Q) : neuron Q :=
  match n with Act a u => Act a (shift_affine k u) | Product s => Product (map (fun i => (k + i)%nat) s) end.

(** Digit channels and decoders with nothing in layers and levels that have none. *)
Definition digits_of (p : plan) (t : nat) : layer Q := if (t <=? levels p)%nat then digits p t else [].
Definition decoder_of (p : plan) (t : nat) : decoder :=
  if ((1 <=? t) && (t <=? levels p))%nat%bool then decoders p t else constant_decoder 0.

(** Layer t is digits_of t ++ outer (t-2) ++ inner (t-1) ++ [S]: where its parts begin. *)
Definition outer_at (p : plan) (t : nat) : nat := length (digits_of p t).
Definition inner_at (p : plan) (t : nat) : nat := (outer_at p t + length (outer (decoder_of p (t - 2))))%nat.
Definition carrier_at (p : plan) (t : nat) : nat := (inner_at p t + length (inner (decoder_of p (t - 1))))%nat.

(** S + the correction of level t-2 + c, affine in layer t. *)
Definition corrected (p : plan) (t : nat) (c : Z) : affine Q :=
  let u := shift_affine (outer_at p t) (correction (decoder_of p (t - 2))) in
  Affine (terms u ++ [(carrier_at p t, 1%Q)]) (bias u + inject_Z c)%Q.

(** S in layer t: the readout of level t-3 plus its offset (up to layer 3: level 0). *)
Definition carrier (p : plan) (t : nat) : affine Q :=
  if (t <=? 1)%nat then Affine [] (value0 p + inject_Z (offset p 0))%Q
  else corrected p (t - 1) (offset p (t - 3) - offset p (t - 4)).

Definition layer_of (p : plan) (t : nat) : layer Q :=
  digits_of p t ++ map (shift_neuron (inner_at p (t - 1))) (outer (decoder_of p (t - 2)))
  ++ inner (decoder_of p (t - 1)) ++ [Act Relu (carrier p t)].

Definition readout_of (p : plan) (l : nat) : readout Q :=
  Readout l (l + 2) (corrected p (l + 2) (- offset p (l - 1))).

(** The network: layers 1, ..., L+2, the readout of level l on layer l+2. *)
Definition geometric (p : plan) : network Q :=
  Network (dimension p) (vec (levels p + 2) (fun t => layer_of p (S t))) (vec (S (levels p)) (readout_of p)).

(** ** What it computes *)

Definition real_layer : layer Q -> layer R := map (map_neuron Q2R).
Definition real_affine : affine Q -> affine R := map_affine Q2R.

(** The digit channels of layer t at the point x (layer 0: the point itself). *)
Fixpoint digit_state (p : plan) (t : nat) (x : list R) : list R :=
  match t with O => x | S t' => layer_eval (digit_state p t' x) (real_layer (digits_of p t)) end.

(** The correction that a decoder makes of digit channels [s]. *)
Definition decoded (dec : decoder) (s : list R) : R :=
  affine_eval (real_affine (correction dec))
    (layer_eval (layer_eval s (real_layer (inner dec))) (real_layer (outer dec))).

(** The value of level 0 and the corrections of the levels 1, ..., l. *)
Fixpoint total (p : plan) (l : nat) (x : list R) : R :=
  match l with O => Q2R (value0 p) | S l' => total p l' x + decoded (decoders p l) (digit_state p l x) end.

(** Every channel reads channels that exist. *)
Definition decoder_wf (w : nat) (dec : decoder) : Prop :=
  Forall (neuron_reads_below w) (inner dec) /\
  Forall (neuron_reads_below (length (inner dec))) (outer dec) /\
  reads_below (length (outer dec)) (correction dec).
Definition plan_wf (p : plan) : Prop :=
  (forall t, (1 <= t <= levels p)%nat ->
    Forall (neuron_reads_below (if (t =? 1)%nat then dimension p else length (digits p (t - 1)))) (digits p t)) /\
  (forall t, (1 <= t <= levels p)%nat -> decoder_wf (length (digits p t)) (decoders p t)).

(** ** Reading parts of a layer *)

Lemma terms_eval_left : forall ts a b, Forall (fun t => (fst t < length a)%nat) ts ->
  terms_eval ts (a ++ b) = terms_eval ts a.
Proof.
  induction ts as [|[i w] ts IH]; intros a b H; [reflexivity|]. inversion H; subst. simpl.
  rewrite IH by assumption. unfold coord. rewrite nth_app_left by assumption. reflexivity.
Qed.

Lemma reads_below_real : forall w (u : affine Q), reads_below w u -> reads_below w (real_affine u).
Proof. unfold reads_below; intros; simpl. apply Forall_map. assumption. Qed.

Lemma affine_left : forall (u : affine Q) a b, reads_below (length a) u ->
  affine_eval (real_affine u) (a ++ b) = affine_eval (real_affine u) a.
Proof. intros. unfold affine_eval. rewrite terms_eval_left by (apply (reads_below_real _ u H)). reflexivity. Qed.

Lemma layer_left : forall (l : layer Q) a b, Forall (neuron_reads_below (length a)) l ->
  layer_eval (a ++ b) (real_layer l) = layer_eval a (real_layer l).
Proof.
  intros l a b H. unfold layer_eval, real_layer. rewrite !map_map. apply map_ext_in. intros n Hn.
  rewrite Forall_forall in H. specialize (H n Hn). destruct n as [f u|s]; cbn [map_neuron neuron_eval].
  - f_equal. apply affine_left. assumption.
  - cbn in H. clear Hn. induction H as [|i s Hi _ IH]; [reflexivity|]. cbn [fold_right]. rewrite IH.
    unfold coord. rewrite nth_app_left by assumption. reflexivity.
Qed.

Lemma affine_right : forall (u : affine Q) k a b, length a = k ->
  affine_eval (real_affine (shift_affine k u)) (a ++ b) = affine_eval (real_affine u) b.
Proof.
  intros [ts c] k a b Ha. unfold affine_eval; cbn [terms bias real_affine map_affine shift_affine]. f_equal.
  induction ts as [|[i w] ts IH]; [reflexivity|]. cbn [map terms_eval fst snd]. rewrite IH.
  unfold coord. rewrite nth_app_right by assumption. reflexivity.
Qed.

Lemma layer_right : forall (l : layer Q) k a b, length a = k ->
  layer_eval (a ++ b) (real_layer (map (shift_neuron k) l)) = layer_eval b (real_layer l).
Proof.
  intros l k a b Ha. unfold layer_eval, real_layer. rewrite !map_map. apply map_ext. intros [f u|s].
  - cbn [shift_neuron map_neuron neuron_eval]. f_equal. apply affine_right. assumption.
  - cbn [shift_neuron map_neuron neuron_eval]. induction s as [|i s IH]; [reflexivity|].
    cbn [map fold_right]. rewrite IH. unfold coord. rewrite nth_app_right by assumption. reflexivity.
Qed.

Lemma layer_eval_length : forall s (l : layer Q), length (layer_eval s (real_layer l)) = length l.
Proof. intros; unfold layer_eval, real_layer; rewrite !map_length; reflexivity. Qed.

Lemma Q2R_inject_Z : forall z, Q2R (inject_Z z) = IZR z.
Proof. intros; unfold Q2R, inject_Z; simpl. field. Qed.

(** ** The state of the network, part by part *)

Lemma digits_of_eq : forall p t, (t <= levels p)%nat -> digits_of p t = digits p t.
Proof. intros; unfold digits_of. destruct (Nat.leb_spec t (levels p)); [reflexivity|lia]. Qed.

Lemma digits_of_none : forall p t, (levels p < t)%nat -> digits_of p t = [].
Proof. intros; unfold digits_of. destruct (Nat.leb_spec t (levels p)); [lia|reflexivity]. Qed.

Lemma decoder_of_eq : forall p t, (1 <= t <= levels p)%nat -> decoder_of p t = decoders p t.
Proof.
  intros; unfold decoder_of. destruct (Nat.leb_spec 1 t), (Nat.leb_spec t (levels p)); simpl; try reflexivity; lia.
Qed.

Lemma decoder_of_wf : forall p t, plan_wf p -> decoder_wf (length (digits_of p t)) (decoder_of p t).
Proof.
  intros p t [_ H]. unfold decoder_of.
  destruct (Nat.leb_spec 1 t), (Nat.leb_spec t (levels p)); simpl;
    try (repeat split; unfold reads_below; simpl; constructor).
  rewrite digits_of_eq by assumption. apply H; lia.
Qed.

(** The values of the inner channels of level t-1 and of the outer ones of level t-2, both in layer t. *)
Definition inner_state (p : plan) (t : nat) (x : list R) : list R :=
  layer_eval (digit_state p (t - 1) x) (real_layer (inner (decoder_of p (t - 1)))).
Definition outer_state (p : plan) (t : nat) (x : list R) : list R :=
  layer_eval (inner_state p (t - 1) x) (real_layer (outer (decoder_of p (t - 2)))).

Definition whole_state (p : plan) (t : nat) (x : list R) : list R :=
  digit_state p t x ++ outer_state p t x ++ inner_state p t x ++ [total p (t - 3) x + IZR (offset p (t - 3))].

Lemma digit_state_length : forall p t x, (1 <= t)%nat -> length (digit_state p t x) = length (digits_of p t).
Proof. intros p [|t] x Ht; [lia|]. apply layer_eval_length. Qed.

(** S + the correction of level t-2 + c, in the values of layer t. *)
Lemma corrected_eval : forall p t c x, plan_wf p -> (1 <= t)%nat ->
  affine_eval (real_affine (corrected p t c)) (whole_state p t x) =
  total p (t - 3) x + IZR (offset p (t - 3)) + decoded (decoder_of p (t - 2)) (digit_state p (t - 2) x) + IZR c.
Proof.
  intros p t c x W Ht. unfold corrected, whole_state.
  set (u := correction (decoder_of p (t - 2))).
  set (s := total p (t - 3) x + IZR (offset p (t - 3))).
  assert (Hu : affine_eval (real_affine (shift_affine (outer_at p t) u))
                 (digit_state p t x ++ outer_state p t x ++ inner_state p t x ++ [s]) =
               decoded (decoder_of p (t - 2)) (digit_state p (t - 2) x)).
  { rewrite affine_right by (apply digit_state_length; assumption).
    rewrite affine_left.
    - unfold decoded, outer_state, inner_state. replace (t - 1 - 1)%nat with (t - 2)%nat by lia. reflexivity.
    - unfold outer_state. rewrite layer_eval_length. apply (decoder_of_wf p (t - 2) W). }
  assert (Hs : coord (carrier_at p t) (digit_state p t x ++ outer_state p t x ++ inner_state p t x ++ [s]) = s).
  { unfold coord, carrier_at, inner_at, outer_at. rewrite <- !Nat.add_assoc.
    rewrite nth_app_right by (apply digit_state_length; assumption).
    rewrite nth_app_right by apply layer_eval_length.
    rewrite <- (Nat.add_0_r (length (inner _))).
    rewrite nth_app_right by apply layer_eval_length. reflexivity. }
  unfold affine_eval in *; cbn [terms bias real_affine map_affine] in *.
  rewrite map_app, terms_eval_app, Q2R_plus, Q2R_inject_Z. cbn [map terms_eval fst snd]. rewrite Hs.
  replace (Q2R 1) with 1 by (unfold Q2R; simpl; field). lra.
Qed.

Lemma total_step : forall p t x, (t <= levels p)%nat ->
  total p (t - 1) x + decoded (decoder_of p t) (digit_state p t x) = total p t x.
Proof.
  intros p [|t] x Ht.
  - unfold decoder_of, decoded, affine_eval; simpl. unfold Q2R; simpl. lra.
  - rewrite decoder_of_eq by lia. cbn [total]. rewrite Nat.sub_succ, Nat.sub_0_r. reflexivity.
Qed.

Definition real_layers (p : plan) (n : nat) : list (layer R) := vec n (fun t => real_layer (layer_of p (S t))).

Lemma state_eval : forall p x, plan_wf p ->
  (forall l, (l <= levels p)%nat -> 0 <= total p l x + IZR (offset p l)) ->
  forall t, (t < levels p + 2)%nat -> state (real_layers p (S t)) x = whole_state p (S t) x.
Proof.
  intros p x W Hpos. induction t as [|t IH]; intros Ht.
  - unfold real_layers, vec, state, whole_state, layer_of; cbn [seq map fold_left].
    unfold real_layer at 1. rewrite map_app, layer_eval_app. f_equal.
    unfold outer_state, inner_state, carrier. simpl. unfold affine_eval; cbn [terms bias map_affine terms_eval map].
    rewrite Q2R_plus, Q2R_inject_Z. specialize (Hpos 0%nat ltac:(lia)). cbn [total] in Hpos.
    rewrite Rplus_0_l, Rmax_left by assumption. reflexivity.
  - unfold real_layers, vec in *. rewrite seq_S, map_app, state_app, IH by lia. cbn [map Nat.add].
    unfold state; cbn [fold_left]. set (T := S t) in *.
    unfold layer_of, real_layer. rewrite !map_app, !layer_eval_app.
    unfold whole_state at 5. cbn [Nat.sub]. rewrite Nat.sub_0_r.
    f_equal; [|f_equal; [|f_equal]].
    + cbn [digit_state]. apply layer_left. rewrite digit_state_length by lia.
      destruct (le_gt_dec (S T) (levels p)) as [HT|HT].
      2: { rewrite (digits_of_none p (S T)) by assumption. constructor. }
      rewrite !digits_of_eq by lia. destruct W as [W _]. specialize (W (S T) ltac:(lia)).
      replace (S T =? 1)%nat with false in W by (symmetry; apply Nat.eqb_neq; lia).
      rewrite Nat.sub_succ, Nat.sub_0_r in W. exact W.
    + unfold whole_state. rewrite app_assoc. rewrite layer_right.
      * unfold outer_state. rewrite Nat.sub_succ, Nat.sub_0_r. apply layer_left.
        unfold inner_state. rewrite layer_eval_length. apply (decoder_of_wf p (T - 1) W).
      * rewrite app_length, digit_state_length by lia. unfold outer_state. rewrite layer_eval_length. reflexivity.
    + unfold inner_state at 1, whole_state. rewrite Nat.sub_succ, Nat.sub_0_r. apply layer_left.
      rewrite digit_state_length by lia. apply (decoder_of_wf p T W).
    + cbn [map layer_eval map_neuron neuron_eval activate]. unfold carrier.
      replace (S T <=? 1)%nat with false by (symmetry; apply Nat.leb_nle; lia).
      replace (S T - 3)%nat with (T - 2)%nat by lia. replace (S T - 4)%nat with (T - 3)%nat by lia.
      rewrite Nat.sub_succ, Nat.sub_0_r. fold (real_affine (corrected p T (offset p (T - 2) - offset p (T - 3)))).
      rewrite corrected_eval by (assumption || lia). rewrite minus_IZR.
      pose proof (total_step p (T - 2) x ltac:(lia)) as E.
      replace (T - 2 - 1)%nat with (T - 3)%nat in E by lia. specialize (Hpos (T - 2)%nat ltac:(lia)).
      rewrite Rmax_left by lra. f_equal. lra.
Qed.

Lemma layers_of_real : forall p n, map (map (map_neuron Q2R)) (vec n (fun t => layer_of p (S t))) = real_layers p n.
Proof. intros; unfold real_layers, vec, real_layer. rewrite map_map. reflexivity. Qed.

Lemma firstn_vec : forall A (z : nat -> A) k n, (k <= n)%nat -> firstn k (vec n z) = vec k z.
Proof.
  intros A z k n H. unfold vec. rewrite firstn_map. f_equal.
  replace n with (k + (n - k))%nat by lia. rewrite seq_app, firstn_app, seq_length, Nat.sub_diag, firstn_O, app_nil_r.
  rewrite <- (seq_length k 0) at 1. apply firstn_all.
Qed.

(** ** Headlines *)

(** Any digits, any decoders, any offsets that keep the carried readouts nonnegative at x: readout l is the value of
    level 0 plus the corrections that the decoders of the levels 1, ..., l make of their digit channels. *)
Theorem geometric_computes : forall p x, plan_wf p ->
  (forall l, (l <= levels p)%nat -> 0 <= total p l x + IZR (offset p l)) ->
  forall l, (l <= levels p)%nat -> Phi (real (geometric p)) l x = total p l x.
Proof.
  intros p x W Hpos l Hl. unfold Phi, real, geometric, map_network; cbn [readouts].
  replace (map (map_readout Q2R) (vec (S (levels p)) (readout_of p)))
    with (vec (S (levels p)) (fun l => map_readout Q2R (readout_of p l))) by (unfold vec; rewrite map_map; reflexivity).
  rewrite nth_vec by lia. unfold output, readout_of, map_readout; cbn [layers head after].
  rewrite layers_of_real. unfold real_layers. rewrite firstn_vec by lia.
  replace (l + 2)%nat with (S (l + 1)) by lia. fold (real_layers p (S (l + 1))).
  rewrite state_eval by (assumption || lia). fold (real_affine (corrected p (S (l + 1)) (- offset p (l - 1)))).
  rewrite corrected_eval by (assumption || lia).
  replace (S (l + 1) - 3)%nat with (l - 1)%nat by lia. replace (S (l + 1) - 2)%nat with l by lia.
  rewrite opp_IZR. pose proof (total_step p l x Hl). lra.
Qed.
