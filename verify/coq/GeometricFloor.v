(** * The geometric network of floor digits and bit decoders computes its tables

    constructs/geometric.py with digits "floor" and decoder "bits" (docs/geometric.md; the statement that it meets is
    that of arXiv 2604.20219). For every dimension, base, number of levels and all stored data: the network is well
    formed, has width 3d+4 at most and depth L+2, its readouts are exactly the stored tables on the whole closed cube,
    and the readout of level l needs its first l+2 layers only. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Levels LevelsShape Offsets Cells FloorDigits BitExtraction BitDecoder
  Sub Prune.
Import ListNotations.
Local Open Scope R_scope.

(** All that is stored: the value of level 0 and, for the levels 1, 2, ..., the corrections of their cells. *)
Record store := Store { root : Q; at_level : nat -> stored }.

(** Every level up to L has a correction for each of its N^(d t) cells. *)
Definition store_ok (d N L : nat) (s : store) : Prop :=
  forall t, (1 <= t <= L)%nat -> stored_ok (grid N (t * d)) (at_level s t).

Definition floor_plan (d N L : nat) (s : store) : plan :=
  Plan d L (floor_digits d N L) (fun t => bit_decoder (floor_index d N L t) (at_level s t))
    (root s) (offset_for (root s) (fun t => stored_bound (at_level s t))).

(** The network. *)
Definition geometric_floor (d N L : nat) (s : store) : network Q := geometric (floor_plan d N L s).

(** The table of level l at x: the value of level 0 plus the corrections of the cells of x of the levels 1, ..., l. *)
Fixpoint table (d N : nat) (s : store) (l : nat) (x : list R) : Q :=
  match l with
  | O => root s
  | S l' => (table d N s l' x + stored_value (at_level s l) (cell_number d N l x))%Q
  end.

Lemma floor_plan_wf : forall d N L s, plan_wf (floor_plan d N L s).
Proof.
  intros. split; intros t Ht; cbn [levels floor_plan digits dimension decoders] in *.
  - apply floor_digits_wf. assumption.
  - apply bit_decoder_wf, floor_index_reads.
Qed.

Lemma floor_total : forall d N L s x, (2 <= N)%nat -> store_ok d N L s -> cube d x ->
  forall l, (l <= L)%nat -> total (floor_plan d N L s) l x = Q2R (table d N s l x).
Proof.
  intros d N L s x HN Hs Hx. induction l as [|l IH]; intros Hl; [reflexivity|].
  cbn [total table]. rewrite Q2R_plus, IH by lia. f_equal. cbn [decoders floor_plan].
  apply (bit_decoder_exact _ _ _ _ (grid N (S l * d))).
  - apply Hs. lia.
  - rewrite (floor_digit_state _ d N x) by (assumption || reflexivity || (cbn; lia)).
    apply floor_index_eval. assumption.
  - apply cell_number_range; assumption.
Qed.

(** For all d, N >= 2, L and all stored data (fields of any number of bits, any rational lo and step): the geometric
    network of floor digits and bit decoders is well formed, has width at most 3d+4, depth L+2 and L+1 readouts, and
    on the whole closed cube readout l is exactly the table of level l: the value of level 0 plus the stored
    corrections of the cells of x. *)
Theorem geometric_floor_computes : forall d N L s, (2 <= N)%nat -> store_ok d N L s ->
  let n := geometric_floor d N L s in
  well_formed n /\ (width n <= 3 * d + 4)%nat /\ depth n = (L + 2)%nat /\ length (readouts n) = S L /\
  forall l x, (l <= L)%nat -> cube d x -> Phi (real n) l x = Q2R (table d N s l x).
Proof.
  intros d N L s HN Hs n. repeat split; try apply (geometric_well_formed _ (floor_plan_wf d N L s)).
  - pose proof (geometric_width (floor_plan d N L s) (3 * d) 1 2) as W. unfold n, geometric_floor.
    replace (3 * d + 4)%nat with (3 * d + 1 + 2 + 1)%nat by lia. apply W; intros t _.
    + apply floor_digits_length.
    + apply bit_decoder_inner.
    + apply bit_decoder_outer.
  - apply geometric_depth.
  - apply geometric_readouts.
  - intros l x Hl Hx. rewrite <- (floor_total d N L s x HN Hs Hx l Hl).
    apply (geometric_computes_bounded _ (fun t => stored_bound (at_level s t))).
    + apply floor_plan_wf.
    + reflexivity.
    + intros t _. apply bit_decoder_bounded.
    + assumption.
Qed.

(** The readouts of the levels up to l are computed by the first l+2 layers, and no stored number or readout depends on
    how many levels follow: the networks of l and of L >= l levels with the same data have the same readouts up to l. *)
Theorem geometric_floor_nested : forall d N L s l x, (2 <= N)%nat -> store_ok d N L s -> (l <= L)%nat -> cube d x ->
  let cut := prefix (l + 2) (real (geometric_floor d N L s)) in
  depth cut = (l + 2)%nat /\ length (readouts cut) = (l + 1)%nat /\
  forall k, (k <= l)%nat ->
    Phi cut k x = Phi (real (geometric_floor d N L s)) k x /\
    Phi cut k x = Phi (real (geometric_floor d N l s)) k x.
Proof.
  intros d N L s l x HN Hs Hl Hx cut.
  destruct (geometric_prefix (floor_plan d N L s) l x Hl) as [D [R P]]. repeat split; [assumption|assumption| |].
  - apply P. assumption.
  - unfold cut, geometric_floor. rewrite P by assumption.
    assert (Hs' : store_ok d N l s) by (intros t Ht; apply Hs; lia).
    destruct (geometric_floor_computes d N L s HN Hs) as [_ [_ [_ [_ A]]]].
    destruct (geometric_floor_computes d N l s HN Hs') as [_ [_ [_ [_ B]]]].
    unfold geometric_floor in A, B. rewrite A, B by (assumption || lia). reflexivity.
Qed.

(** The network as constructs/geometric.py writes it down, without the neurons that no readout depends on (the digits
    of levels with one correction for all cells, say): it is well formed, no wider than 3d+4, has depth L+2, and on
    the whole closed cube every readout l <= L is exactly the table of level l. *)
Theorem geometric_floor_pruned : forall d N L s, (2 <= N)%nat -> store_ok d N L s ->
  let n := prune (geometric_floor d N L s) in
  well_formed n /\ (width n <= 3 * d + 4)%nat /\ depth n = (L + 2)%nat /\
  forall l x, (l <= L)%nat -> cube d x -> Phi (real n) l x = Q2R (table d N s l x).
Proof.
  intros d N L s HN Hs n. destruct (geometric_floor_computes d N L s HN Hs) as [W [B [D [_ E]]]].
  destruct (prune_computes _ W) as [W' [D' [B' E']]]. refine (conj W' (conj _ (conj _ _))).
  - unfold n. lia.
  - unfold n. lia.
  - intros l x Hl Hx. unfold n. rewrite E' by apply Hx. apply E; assumption.
Qed.
