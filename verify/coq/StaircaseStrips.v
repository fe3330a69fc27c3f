(** * How little the strips cover

    The points at which the ReLU digits of the levels up to l may go wrong (StaircaseDigits.v, [in_strip]) as an
    explicit finite list of boxes, and its total volume d l (N-1) delta (docs/geometric.md, Error budget:
    this is why the ReLU network of arXiv 2604.20219 is bounded in L^p, p < infinity). *)

From Coq Require Import Reals List Lia Lra Psatz.
From Approxcert Require Import Sums Staircase StaircaseDigits.
Import ListNotations.
Local Open Scope R_scope.

(** ** Boxes *)

(** A side is a pair of ends, a box a list of sides. *)
Definition in_box (b : list (R * R)) (x : list R) : Prop := Forall2 (fun s c => fst s <= c <= snd s) b x.
Definition volume (b : list (R * R)) : R := fold_right (fun s v => (snd s - fst s) * v) 1 b.
Definition length_of (s : R * R) : R := snd s - fst s.
(** The sum of [w a] over a list. *)
Definition sum_over {A : Type} (w : A -> R) (l : list A) : R := fold_right (fun a v => w a + v) 0 l.
Definition total_volume (bs : list (list (R * R))) : R := sum_over volume bs.

(** ** The list *)

(** The strip to the left of m N^-t. *)
Definition strip (N : nat) (delta : R) (t m : nat) : R * R :=
  (INR m / INR N ^ t - delta / INR N ^ (t - 1), INR m / INR N ^ t).

(** The strips of level t: m = N a + j with a < N^(t-1) and 1 <= j < N. *)
Definition level_strips (N : nat) (delta : R) (t : nat) : list (R * R) :=
  flat_map (fun a => vec (N - 1) (fun j => strip N delta t (N * a + S j))) (seq 0 (N ^ (t - 1))).

(** The strips of the levels 1, ..., l. *)
Definition strips (N : nat) (delta : R) (l : nat) : list (R * R) := flat_map (level_strips N delta) (seq 1 l).

(** The part of the unit cube whose coordinate i lies in s. *)
Definition slab (d i : nat) (s : R * R) : list (R * R) := vec d (fun k => if Nat.eqb k i then s else (0, 1)).

(** The boxes that cover the strips of all coordinates. *)
Definition strip_boxes (d N : nat) (delta : R) (l : nat) : list (list (R * R)) :=
  flat_map (fun i => map (slab d i) (strips N delta l)) (seq 0 d).

(** Some coordinate of x lies in a strip. *)
Definition in_strips (d N : nat) (delta : R) (l : nat) (x : list R) : Prop :=
  exists i, (i < d)%nat /\ in_strip N delta l (coord i x).

(** ** They cover *)

Lemma in_strip_listed : forall N delta l x, (2 <= N)%nat -> in_strip N delta l x ->
  exists s, In s (strips N delta l) /\ fst s <= x <= snd s.
Proof.
  intros N delta l x HN (t & m & Ht & Hm & Hdiv & Hx). exists (strip N delta t m).
  split; [|unfold strip; cbn [fst snd]; lra].
  unfold strips. apply in_flat_map. exists t. split; [apply in_seq; lia|].
  unfold level_strips. apply in_flat_map. exists (m / N)%nat.
  pose proof (Nat.div_mod_eq m N) as E. pose proof (Nat.mod_upper_bound m N ltac:(lia)) as Hr.
  assert (Hr0 : (m mod N <> 0)%nat) by (intros H; apply Hdiv, Nat.mod_divide; [lia|assumption]).
  split.
  - apply in_seq. split; [lia|]. replace t with (S (t - 1)) in Hm by lia. rewrite Nat.pow_succ_r' in Hm.
    apply Nat.div_lt_upper_bound; lia.
  - unfold vec. apply in_map_iff. exists (m mod N - 1)%nat. split; [|apply in_seq; lia].
    f_equal. lia.
Qed.

Lemma slab_covers : forall d i s x, cube d x -> (i < d)%nat -> fst s <= coord i x <= snd s -> in_box (slab d i s) x.
Proof.
  intros d i s x [Hlen Hc] Hi Hs. rewrite <- (vec_coord d x Hlen). unfold in_box, slab, vec.
  assert (G : forall ks, (forall k, In k ks -> (k < d)%nat) ->
    Forall2 (fun s c => fst s <= c <= snd s) (map (fun k => if Nat.eqb k i then s else (0, 1)) ks)
      (map (fun k => coord k x) ks)).
  { induction ks as [|k ks IH]; intros Hk; cbn [map]; constructor.
    - destruct (Nat.eqb_spec k i) as [->|]; [assumption|]. apply Hc, Hk. left; reflexivity.
    - apply IH. intros; apply Hk; right; assumption. }
  apply G. intros k Hk. apply in_seq in Hk. lia.
Qed.

Lemma strip_boxes_cover : forall d N delta l x, (2 <= N)%nat -> cube d x -> in_strips d N delta l x ->
  exists b, In b (strip_boxes d N delta l) /\ in_box b x.
Proof.
  intros d N delta l x HN Hx (i & Hi & Hs). destruct (in_strip_listed N delta l (coord i x) HN Hs) as (s & Hin & Hc).
  exists (slab d i s). split; [|apply slab_covers; assumption].
  unfold strip_boxes. apply in_flat_map. exists i. split; [apply in_seq; lia|]. apply in_map; assumption.
Qed.

(** ** Their volume *)

Lemma slab_volume : forall d i s, (i < d)%nat -> volume (slab d i s) = snd s - fst s.
Proof.
  intros d i s Hi. unfold slab, vec.
  assert (G : forall n k, volume (map (fun k => if Nat.eqb k i then s else (0, 1)) (seq k n)) =
    if (andb (k <=? i) (i <? k + n))%nat then snd s - fst s else 1).
  { induction n; intros k; cbn [seq map volume fold_right].
    - destruct (Nat.leb_spec k i), (Nat.ltb_spec i (k + 0)); try lia; reflexivity.
    - fold (volume (map (fun k => if Nat.eqb k i then s else (0, 1)) (seq (S k) n))). rewrite IHn.
      destruct (Nat.eqb_spec k i), (Nat.leb_spec k i), (Nat.leb_spec (S k) i), (Nat.ltb_spec i (k + S n)),
        (Nat.ltb_spec i (S k + n)); try lia; cbn [andb fst snd]; lra. }
  rewrite G. destruct (Nat.leb_spec 0 i), (Nat.ltb_spec i (0 + d)); try lia. reflexivity.
Qed.

Lemma sum_over_app : forall A (w : A -> R) a b, sum_over w (a ++ b) = sum_over w a + sum_over w b.
Proof. induction a as [|a0 a IH]; intros; simpl; [symmetry; apply Rplus_0_l|]. rewrite IH. lra. Qed.

Lemma sum_over_same : forall A (w : A -> R) c l, (forall a, In a l -> w a = c) -> sum_over w l = INR (length l) * c.
Proof.
  induction l as [|a l IH]; intros H; [simpl; lra|]. cbn [sum_over fold_right length]. fold (sum_over w l).
  rewrite IH, H, S_INR by (auto using in_eq, in_cons). lra.
Qed.

Lemma sum_over_map : forall A B (w : B -> R) (h : A -> B) l, sum_over w (map h l) = sum_over (fun a => w (h a)) l.
Proof. induction l as [|a l IH]; [reflexivity|]. simpl. rewrite IH. reflexivity. Qed.

Lemma sum_over_ext : forall A (w v : A -> R) l, (forall a, w a = v a) -> sum_over w l = sum_over v l.
Proof. induction l as [|a l IH]; intros H; [reflexivity|]. simpl. rewrite IH, H by assumption. reflexivity. Qed.

Lemma sum_over_flat_map : forall A B (w : B -> R) (h : A -> list B) l,
  sum_over w (flat_map h l) = sum_over (fun a => sum_over w (h a)) l.
Proof. induction l as [|a l IH]; [reflexivity|]. cbn [flat_map]. rewrite sum_over_app, IH. reflexivity. Qed.

(** N^(t-1) (N-1) strips of length delta / N^(t-1). *)
Lemma level_strips_length : forall N delta t, (2 <= N)%nat ->
  sum_over length_of (level_strips N delta t) = (INR N - 1) * delta.
Proof.
  intros N delta t HN. pose proof (INR_base N HN). unfold level_strips.
  pose proof (pow_lt (INR N) (t - 1) ltac:(lra)).
  rewrite sum_over_flat_map, sum_over_same with (c := INR (N - 1) * (delta / INR N ^ (t - 1))).
  - rewrite seq_length, pow_INR, minus_INR by lia. simpl INR. field. lra.
  - intros a _. rewrite sum_over_same with (c := delta / INR N ^ (t - 1)); [rewrite vec_length; reflexivity|].
    intros s Hs. apply in_map_iff in Hs. destruct Hs as (j & <- & _). unfold length_of, strip; cbn [fst snd]. lra.
Qed.

Lemma strips_length : forall N delta l, (2 <= N)%nat ->
  sum_over length_of (strips N delta l) = INR l * ((INR N - 1) * delta).
Proof.
  intros. unfold strips. rewrite sum_over_flat_map, sum_over_same with (c := (INR N - 1) * delta).
  - rewrite seq_length. reflexivity.
  - intros. apply level_strips_length; assumption.
Qed.

Lemma strip_boxes_volume : forall d N delta l, (2 <= N)%nat ->
  total_volume (strip_boxes d N delta l) = INR d * INR l * (INR N - 1) * delta.
Proof.
  intros d N delta l HN. unfold strip_boxes, total_volume.
  rewrite sum_over_flat_map, sum_over_same with (c := INR l * ((INR N - 1) * delta)).
  - rewrite seq_length. lra.
  - intros i Hi. apply in_seq in Hi. rewrite sum_over_map, <- (strips_length N delta l HN).
    apply sum_over_ext. intros s. apply slab_volume. lia.
Qed.

(** For every d, every base N >= 2, every delta and every level l: each point of the closed cube that has a
    coordinate in a strip of a level up to l lies in one of the listed boxes, and the volumes of these boxes sum up
    to d l (N-1) delta. *)
Theorem strips_small : forall d N delta l, (2 <= N)%nat ->
  (forall x, cube d x -> in_strips d N delta l x -> exists b, In b (strip_boxes d N delta l) /\ in_box b x) /\
  total_volume (strip_boxes d N delta l) = INR d * INR l * (INR N - 1) * delta.
Proof. intros. split; [intros; apply strip_boxes_cover; assumption|apply strip_boxes_volume; assumption]. Qed.
