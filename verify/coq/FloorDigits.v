(** * Cell numbers by floors

    constructs/digits.py, FloorDigits; docs/geometric.md, digits: layer t carries x (as long as a later layer needs
    it) and holds floor(N^t x_i) and floor(x_i). The number of the level-t cell of x is affine in it, on the whole
    closed cube. *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Network Levels LevelsShape Cells.
Import ListNotations.
Local Open Scope R_scope.

(** X_0, ..., X_(d-1): carriers of the coordinates, in the layers before the last digits. *)
Definition carriers (d L t : nat) : layer Q :=
  if (t <? L)%nat then vec d (fun i => Act Relu (Affine [(i, 1%Q)] 0%Q)) else [].

(** G_0, F_0, G_1, F_1, ...: floor(N^t x_i), floor(x_i). *)
Definition floors (d N t : nat) : layer Q :=
  vec (2 * d) (fun m => Act Floor (Affine [(Nat.div2 m, if Nat.even m then inject_Z (grid N t) else 1%Q)] 0%Q)).

(** The digit channels of layer t of a network of L levels. *)
Definition floor_digits (d N L t : nat) : layer Q := carriers d L t ++ floors d N t.

(** J_t = sum_i N^(t i) (G_i - F_i), affine in layer t. *)
Definition floor_index (d N L t : nat) : affine Q :=
  Affine (row (length (carriers d L t)) (2 * d)
    (fun m => inject_Z (if Nat.even m then grid N (t * Nat.div2 m) else - grid N (t * Nat.div2 m))%Z)) 0%Q.

Lemma sum_pairs : forall d z, sum (2 * d) z = sum d (fun i => z (2 * i)%nat + z (S (2 * i))).
Proof.
  induction d; intros; [reflexivity|]. replace (2 * S d)%nat with (S (S (2 * d))) by lia.
  cbn [sum]. rewrite IHd. lra.
Qed.

Lemma even_pair : forall i, Nat.even (2 * i) = true /\ Nat.even (S (2 * i)) = false /\
  Nat.div2 (2 * i) = i /\ Nat.div2 (S (2 * i)) = i.
Proof.
  intros. repeat split; [apply Nat.even_spec; exists i; reflexivity| |apply Nat.div2_double|apply Nat.div2_succ_double].
  rewrite Nat.even_succ, <- Nat.negb_even.
  replace (Nat.even (2 * i)) with true by (symmetry; apply Nat.even_spec; exists i; reflexivity). reflexivity.
Qed.

Lemma Q2R_1 : Q2R 1 = 1. Proof. unfold Q2R; simpl; field. Qed.
Lemma Q2R_0 : Q2R 0 = 0. Proof. unfold Q2R; simpl; field. Qed.

Lemma map_row : forall (k d : nat) (w : nat -> Q),
  map (fun t => (fst t, Q2R (snd t))) (row k d w) = row k d (fun i => Q2R (w i)).
Proof. intros. unfold row, vec. rewrite map_map. reflexivity. Qed.

Lemma carriers_length : forall d L t, length (carriers d L t) = if (t <? L)%nat then d else 0%nat.
Proof. intros. unfold carriers. destruct (t <? L)%nat; [apply vec_length|reflexivity]. Qed.

Lemma floor_digits_length : forall d N L t, (length (floor_digits d N L t) <= 3 * d)%nat.
Proof.
  intros. unfold floor_digits, floors. rewrite app_length, carriers_length, vec_length.
  destruct (t <? L)%nat; lia.
Qed.

(** What the channels hold: the coordinates, then the floors. *)
Definition floor_values (d N L t : nat) (x : list R) : list R :=
  (if (t <? L)%nat then x else []) ++
  vec (2 * d) (fun m => IZR (Zfloor ((if Nat.even m then INR N ^ t else 1) * coord (Nat.div2 m) x))).

Lemma floor_layer_eval : forall d N L t x s, cube d x ->
  (forall i, (i < d)%nat -> coord i s = coord i x) ->
  layer_eval s (real_layer (floor_digits d N L t)) = floor_values d N L t x.
Proof.
  intros d N L t x s [Hl Hx] Hs. unfold floor_digits, floor_values, real_layer.
  rewrite map_app, layer_eval_app. f_equal.
  - unfold carriers. destruct (t <? L)%nat; [|reflexivity].
    unfold vec, layer_eval. rewrite !map_map. transitivity (vec d (fun i => coord i x)); [|apply vec_coord; assumption].
    apply vec_ext. intros i Hi. cbn. unfold affine_eval; cbn. rewrite Q2R_1, Q2R_0, Hs by assumption.
    rewrite Rmax_left; specialize (Hx i Hi); lra.
  - unfold floors, vec, layer_eval. rewrite !map_map. apply vec_ext. intros m Hm.
    assert (Nat.div2 m < d)%nat.
    { pose proof (Nat.div2_odd m). destruct (Nat.odd m); simpl Nat.b2n in *; lia. }
    cbn [map_neuron neuron_eval activate]. unfold affine_eval; cbn [map_affine terms bias map fst snd terms_eval].
    rewrite Hs, Q2R_0 by assumption. do 2 f_equal.
    destruct (Nat.even m); [rewrite Q2R_inject_Z, grid_INR|rewrite Q2R_1]; lra.
Qed.

(** Every layer holds them, whatever the rest of the network. *)
Lemma floor_digit_state : forall p d N x, dimension p = d -> digits p = floor_digits d N (levels p) -> cube d x ->
  forall t, (1 <= t <= levels p)%nat -> digit_state p t x = floor_values d N (levels p) t x.
Proof.
  intros p d N x Hd Hp Hx. induction t as [|t IH]; intros Ht; [lia|]. cbn [digit_state].
  rewrite digits_of_eq, Hp by lia. apply floor_layer_eval; [assumption|]. intros i Hi.
  destruct t as [|t]; [reflexivity|]. rewrite IH by lia. unfold floor_values.
  destruct (Nat.ltb_spec (S t) (levels p)); [|lia]. destruct Hx as [Hl _].
  unfold coord. apply nth_app_left. lia.
Qed.

(** The affine form reads the number of the level-t cell off the channels. *)
Lemma floor_index_eval : forall d N L t x, cube d x ->
  affine_eval (real_affine (floor_index d N L t)) (floor_values d N L t x) = IZR (cell_number d N t x).
Proof.
  intros d N L t x [Hl Hx]. unfold floor_index, affine_eval; cbn [real_affine map_affine terms bias].
  rewrite map_row, terms_eval_row, Q2R_0, Rplus_0_r.
  rewrite (sum_ext _ _ (fun m => (if Nat.even m then INR N ^ (t * Nat.div2 m) else - INR N ^ (t * Nat.div2 m)) *
    IZR (Zfloor ((if Nat.even m then INR N ^ t else 1) * coord (Nat.div2 m) x)))).
  2: { intros m Hm. f_equal.
    - rewrite Q2R_inject_Z. destruct (Nat.even m); [|rewrite opp_IZR]; rewrite grid_INR; reflexivity.
    - unfold floor_values, coord at 1. rewrite carriers_length.
      rewrite nth_app_right by (destruct (t <? L)%nat; [assumption|reflexivity]).
      apply (coord_vec (2 * d) (fun m => IZR (Zfloor ((if Nat.even m then INR N ^ t else 1) * coord (Nat.div2 m) x)))).
      assumption. }
  rewrite sum_pairs. unfold cell_number. clear Hl Hx. induction d as [|d IH]; [reflexivity|].
  cbn [sum number]. rewrite IH. destruct (even_pair d) as [E1 [E2 [E3 E4]]]. rewrite E1, E2, E3, E4.
  rewrite plus_IZR, mult_IZR, grid_mul, grid_INR. unfold cell. rewrite minus_IZR, Rmult_1_l. ring.
Qed.

Lemma floor_digits_reads : forall d N L t, Forall (neuron_reads_below d) (floor_digits d N L t).
Proof.
  intros d N L t. apply Forall_app. split.
  - unfold carriers. destruct (t <? L)%nat; [|constructor]. apply Forall_map, Forall_forall.
    intros i Hi. apply in_seq in Hi. repeat constructor. simpl. lia.
  - apply Forall_map, Forall_forall. intros m Hm. apply in_seq in Hm. repeat constructor. simpl.
    pose proof (Nat.div2_odd m). destruct (Nat.odd m); simpl Nat.b2n in *; lia.
Qed.

Lemma floor_digits_wf : forall d N L t, (1 <= t <= L)%nat ->
  Forall (neuron_reads_below (if (t =? 1)%nat then d else length (floor_digits d N L (t - 1)))) (floor_digits d N L t).
Proof.
  intros d N L t Ht. generalize (floor_digits_reads d N L t). apply layer_reads_mono.
  destruct (Nat.eqb_spec t 1); [lia|]. unfold floor_digits. rewrite app_length, carriers_length.
  destruct (Nat.ltb_spec (t - 1) L); lia.
Qed.

Lemma floor_index_reads : forall d N L t, reads_below (length (floor_digits d N L t)) (floor_index d N L t).
Proof.
  intros. unfold floor_digits, floor_index, reads_below; cbn [terms]. rewrite app_length. unfold floors.
  rewrite vec_length. apply Forall_map, Forall_forall. intros m Hm. apply in_seq in Hm. simpl in *. lia.
Qed.
