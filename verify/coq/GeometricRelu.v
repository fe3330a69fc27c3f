(** * The geometric network with ReLU digits

    The wiring of Levels.v around the ReLU digits of StaircaseLayers.v (arXiv 2604.20219; docs/geometric.md). *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Levels LevelsShape Offsets Cells BitDecoder GeometricFloor.
From Approxcert Require Import Staircase StaircaseDigits StaircaseStrips StaircaseLayers StaircaseNetwork.
Import ListNotations.
Local Open Scope R_scope.

(** ** ReLU digits in a geometric network *)

(** The digit channels of every layer hold the staircases, whatever the decoders. *)
Lemma staircase_digit_state : forall p d N delta x, (2 <= N)%nat -> 0 < Q2R delta < / INR N -> cube d x ->
  digits p = staircase_layer d N delta ->
  forall t, (1 <= t <= levels p)%nat -> digit_state p t x = staircase_state d N (Q2R delta) t x.
Proof.
  intros p d N delta x HN Hd Hx Hp. induction t as [|t IH]; intros Ht; [lia|]. cbn [digit_state].
  rewrite digits_of_eq, Hp by lia. unfold real_layer. destruct t as [|t].
  - apply staircase_first; assumption.
  - rewrite IH by lia. apply staircase_next; try assumption. lia.
Qed.

Lemma staircase_layer_wf : forall d N delta t, (2 <= N)%nat ->
  Forall (neuron_reads_below (if (t =? 1)%nat then d else length (staircase_layer d N delta (t - 1))))
    (staircase_layer d N delta t).
Proof.
  intros. rewrite staircase_layer_length by assumption. apply staircase_layer_reads. assumption.
Qed.

(** ** With the decoder by bit extraction *)

(** ReLU digits, and the stored data of the levels 1, ..., L. *)
Definition relu_plan (d N L : nat) (delta : Q) (s : store) : plan :=
  Plan d L (staircase_layer d N delta) (fun t => bit_decoder (index_form d N t) (at_level s t))
    (root s) (offset_for (root s) (fun t => stored_bound (at_level s t))).

(** The network. *)
Definition geometric_relu (d N L : nat) (delta : Q) (s : store) : network Q := geometric (relu_plan d N L delta s).

(** A bound of the readout of level l: |value of level 0| plus the bounds of the corrections of the levels 1, ...,
    l. *)
Definition readout_bound (s : store) (l : nat) : R := Q2R (bound_sum (root s) (fun t => stored_bound (at_level s t)) l).

Lemma relu_plan_wf : forall d N L delta s, (2 <= N)%nat -> plan_wf (relu_plan d N L delta s).
Proof.
  intros d N L delta s HN. split; cbn [levels digits dimension decoders relu_plan]; intros t Ht.
  - apply staircase_layer_wf. assumption.
  - apply bit_decoder_wf. rewrite staircase_layer_length by assumption. apply index_form_reads. assumption.
Qed.

Lemma relu_width : forall d N L delta s, (2 <= N)%nat -> (width (geometric_relu d N L delta s) <= 2 * d * N + 4)%nat.
Proof.
  intros. replace (2 * d * N + 4)%nat with (2 * N * d + 1 + 2 + 1)%nat by lia. apply geometric_width; intros t _.
  - cbn [digits relu_plan]. rewrite staircase_layer_length; lia.
  - apply bit_decoder_inner.
  - apply bit_decoder_outer.
Qed.

(** At every point the readouts are the totals, and keep their bounds. *)
Lemma relu_total : forall d N L delta s x l, (2 <= N)%nat -> (l <= L)%nat ->
  Phi (real (geometric_relu d N L delta s)) l x = total (relu_plan d N L delta s) l x /\
  Rabs (total (relu_plan d N L delta s) l x) <= readout_bound s l.
Proof.
  intros d N L delta s x l HN Hl. set (p := relu_plan d N L delta s).
  assert (B : forall t, (1 <= t <= levels p)%nat ->
    Rabs (decoded (decoders p t) (digit_state p t x)) <= Q2R (stored_bound (at_level s t)))
    by (intros; apply bit_decoder_bounded).
  split.
  - apply (geometric_computes_bounded p (fun t => stored_bound (at_level s t))); try assumption; try reflexivity.
    apply relu_plan_wf. assumption.
  - apply (total_bounded p (fun t => stored_bound (at_level s t)) x B). assumption.
Qed.

(** Fewer levels, fewer strips. *)
Lemma in_strips_mono : forall d N delta k l x, (k <= l)%nat -> in_strips d N delta k x -> in_strips d N delta l x.
Proof.
  intros d N delta k l x Hkl (i & Hi & t & m & Ht & H). exists i. split; [assumption|].
  exists t, m. split; [lia|exact H].
Qed.

(** Outside the strips of the levels up to l: the table of level l. *)
Lemma relu_exact : forall d N L delta s x, (2 <= N)%nat -> 0 < Q2R delta -> ((1 <= L)%nat -> Q2R delta < / INR N) ->
  store_ok d N L s -> cube d x ->
  forall l, (l <= L)%nat -> ~ in_strips d N (Q2R delta) l x ->
  total (relu_plan d N L delta s) l x = Q2R (table d N s l x).
Proof.
  intros d N L delta s x HN Hd0 Hd1 Hs Hx. induction l as [|l IH]; intros Hl Hout; [reflexivity|].
  assert (Hd : 0 < Q2R delta < / INR N) by (split; [assumption|apply Hd1; lia]).
  cbn [total table]. rewrite Q2R_plus, IH; [|lia|intros H; apply Hout; revert H; apply in_strips_mono; lia].
  f_equal. cbn [decoders relu_plan]. apply bit_decoder_exact with (cells := grid N (S l * d)).
  - apply Hs. lia.
  - rewrite (staircase_digit_state _ d N delta x HN Hd Hx) by (reflexivity || (cbn [levels relu_plan]; lia)).
    unfold real_affine. rewrite index_eval by (assumption || lia).
    apply staircase_index_exact; try assumption. intros i Hi H. apply Hout. exists i. split; assumption.
  - apply cell_number_range; assumption.
Qed.

(** For all d, N >= 2, L, all stored data and every rational delta > 0 (below 1/N if L >= 1): the geometric network
    of ReLU digits and bit decoders is well formed, has width at most 2dN+4, depth L+2 and L+1 readouts. At every
    point the readout of level l is at most its bound in absolute value; at every point of the closed cube that has
    no coordinate in a strip of a level up to l it is exactly the table of level l. *)
Theorem geometric_relu_computes : forall d N L delta s, (2 <= N)%nat ->
  0 < Q2R delta -> ((1 <= L)%nat -> Q2R delta < / INR N) -> store_ok d N L s ->
  let n := geometric_relu d N L delta s in
  well_formed n /\ (width n <= 2 * d * N + 4)%nat /\ depth n = (L + 2)%nat /\ length (readouts n) = S L /\
  forall l x, (l <= L)%nat ->
    Rabs (Phi (real n) l x) <= readout_bound s l /\
    (cube d x -> ~ in_strips d N (Q2R delta) l x -> Phi (real n) l x = Q2R (table d N s l x)).
Proof.
  intros d N L delta s HN Hd0 Hd1 Hs n. split; [apply geometric_well_formed, relu_plan_wf; assumption|].
  split; [apply relu_width; assumption|]. split; [apply geometric_depth|]. split; [apply geometric_readouts|].
  intros l x Hl. destruct (relu_total d N L delta s x l HN Hl) as [E B]. unfold n. rewrite E. split; [assumption|].
  intros. apply relu_exact; assumption.
Qed.
