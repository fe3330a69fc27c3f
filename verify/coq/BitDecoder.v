(** * The decoder by bit extraction

    constructs/bit_decoder.py, BitDecoder; docs/geometric.md, decoders: E = 2^(b J), U = floor(a E), V = floor(a B E),
    B = 2^b, and the correction lo + step (V - B U), which is lo + step v_J. It works with any digit channels in which
    the cell number J is affine, and keeps its bound whatever they hold. *)

From Coq Require Import Reals QArith Qreals Qabs Qminmax ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Network Levels Offsets Cells FloorDigits BitExtraction.
Import ListNotations.
Local Open Scope R_scope.

(** What is stored for a level: one correction for all cells, or for cell J the correction lo + step * v_J with fields
    v_J of [bits] bits. *)
Inductive stored := Constant (value : Q) | Fields (bits : nat) (lo step : Q) (v : list Z).

(** 2^b *)
Definition base2 (b : nat) : Z := (2 ^ Z.of_nat b)%Z.

(** The correction of cell J. *)
Definition stored_value (s : stored) (J : Z) : Q :=
  match s with Constant c => c | Fields _ lo step v => (lo + step * inject_Z (nth (Z.to_nat J) v 0%Z))%Q end.

(** A bound on every correction that the decoder can give. *)
Definition stored_bound (s : stored) : Q :=
  match s with
  | Constant c => Qabs c
  | Fields b lo step _ => Qmax (Qabs lo) (Qabs (lo + step * inject_Z (base2 b - 1)))
  end.

(** One field per cell, each of [bits] >= 1 bits. *)
Definition stored_ok (cells : Z) (s : stored) : Prop :=
  match s with
  | Constant _ => True
  | Fields b _ _ v => (1 <= b)%nat /\ Z.of_nat (length v) = cells /\ fields_ok (base2 b) v
  end.

Definition scale_affine (c : Q) (u : affine Q) : affine Q :=
  Affine (map (fun t => (fst t, c * snd t)%Q) (terms u)) (c * bias u)%Q.

(** a = sum_J v_J B^-(J+1) *)
Definition packed (b : nat) (v : list Z) : Q :=
  (inject_Z (pack (base2 b) v) / inject_Z (base2 b ^ Z.of_nat (length v)))%Q.

(** The channels E; U, V; and the correction, for the cell number [index] of the digit channels. *)
Definition bit_decoder (index : affine Q) (s : stored) : decoder :=
  match s with
  | Constant c => constant_decoder c
  | Fields b lo step v => Decoder
      [Act Exp2 (scale_affine (inject_Z (Z.of_nat b)) index)]
      [Act Floor (Affine [(0%nat, packed b v)] 0%Q);
       Act Floor (Affine [(0%nat, packed b v * inject_Z (base2 b))%Q] 0%Q)]
      (Affine [(0%nat, - (step * inject_Z (base2 b)))%Q; (1%nat, step)] lo)
  end.

Lemma base2_INR : forall b, IZR (base2 b) = 2 ^ b.
Proof. intros. unfold base2. rewrite <- pow_IZR. reflexivity. Qed.

Lemma base2_pos : forall b, (1 <= base2 b)%Z.
Proof. intros. unfold base2. assert (0 < 2 ^ Z.of_nat b)%Z by (apply Z.pow_pos_nonneg; lia). lia. Qed.

Lemma packed_R : forall b v, Q2R (packed b v) = IZR (pack (base2 b) v) / IZR (base2 b) ^ length v.
Proof.
  intros. unfold packed. pose proof (base2_pos b).
  assert (P : (0 < base2 b ^ Z.of_nat (length v))%Z) by (apply Z.pow_pos_nonneg; lia).
  rewrite Q2R_div, !Q2R_inject_Z, pow_IZR; [reflexivity|].
  intros E. unfold Qeq in E; simpl in E. lia.
Qed.

Lemma scale_affine_eval : forall c u s,
  affine_eval (real_affine (scale_affine c u)) s = Q2R c * affine_eval (real_affine u) s.
Proof.
  intros c [ts b] s. unfold affine_eval; cbn [real_affine map_affine scale_affine terms bias]. rewrite Q2R_mult.
  induction ts as [|[i w] ts IH]; cbn [map terms_eval fst snd] in *; [lra|]. rewrite Q2R_mult. lra.
Qed.

(** The correction, for any value of the index form. *)
Lemma bit_decoder_eval : forall index b lo step v s,
  let a := IZR (pack (base2 b) v) / IZR (base2 b) ^ length v in
  let E := Rpower 2 (INR b * affine_eval (real_affine index) s) in
  decoded (bit_decoder index (Fields b lo step v)) s =
  Q2R lo + Q2R step * (IZR (Zfloor (IZR (base2 b) * (a * E))) - IZR (base2 b) * IZR (Zfloor (a * E))).
Proof.
  intros. unfold decoded, bit_decoder; cbn [inner outer correction].
  unfold real_layer, layer_eval; cbn [map map_neuron neuron_eval activate].
  fold (real_affine (scale_affine (inject_Z (Z.of_nat b)) index)).
  rewrite scale_affine_eval, Q2R_inject_Z, <- INR_IZR_INZ.
  unfold affine_eval at 1 2 4; cbn [real_affine map_affine terms bias map fst snd terms_eval coord nth].
  unfold coord; cbn [nth].
  rewrite Q2R_0, Q2R_opp, !Q2R_mult, Q2R_inject_Z, packed_R. fold a.
  replace (a * Rpower 2 (INR b * affine_eval (real_affine index) s) + 0 + 0) with (a * E) by (unfold E; ring).
  replace (a * IZR (base2 b) * Rpower 2 (INR b * affine_eval (real_affine index) s) + 0 + 0)
    with (IZR (base2 b) * (a * E)) by (unfold E; ring). ring.
Qed.

(** On the number J of a cell: the stored correction of that cell, exactly. *)
Lemma bit_decoder_exact : forall index st s J cells, stored_ok cells st ->
  affine_eval (real_affine index) s = IZR J -> (0 <= J < cells)%Z ->
  decoded (bit_decoder index st) s = Q2R (stored_value st J).
Proof.
  intros index [c|b lo step v] s J cells Hok HJ HK.
  - unfold decoded, bit_decoder, affine_eval; simpl. lra.
  - destruct Hok as [_ [Hlen Hv]]. rewrite bit_decoder_eval, HJ.
    cbn [stored_value]. rewrite Q2R_plus, Q2R_mult, Q2R_inject_Z.
    pose proof (base2_pos b) as HB. set (n := Z.to_nat J). assert (HJn : J = Z.of_nat n) by (unfold n; lia).
    assert (HE : Rpower 2 (INR b * IZR J) = IZR (base2 b) ^ n).
    { rewrite HJn, <- INR_IZR_INZ, <- mult_INR, Rpower_pow by lra. rewrite base2_INR, pow_mult. reflexivity. }
    rewrite HE. pose proof (bit_extraction (base2 b) v n HB Hv ltac:(lia)) as X. cbn zeta in X.
    rewrite (packed_sum (base2 b) v HB) in X.
    rewrite <- X. cbn [pow]. do 3 f_equal. f_equal. f_equal. ring.
Qed.

(** Whatever the digit channels hold, the correction keeps its bound. *)
Lemma bit_decoder_bounded : forall index st s, Rabs (decoded (bit_decoder index st) s) <= Q2R (stored_bound st).
Proof.
  intros index [c|b lo step v] s.
  - unfold decoded, bit_decoder, affine_eval; simpl. rewrite Q2R_abs, Rplus_0_l. lra.
  - rewrite bit_decoder_eval. set (y := _ * Rpower _ _). pose proof (base2_pos b) as HB.
    assert (F : (0 <= Zfloor (IZR (base2 b) * y) - base2 b * Zfloor y <= base2 b - 1)%Z).
    { apply IZR_le in HB. simpl in HB. pose proof (Zfloor_lb y). pose proof (Zfloor_ub y). split.
      - enough (base2 b * Zfloor y <= Zfloor (IZR (base2 b) * y))%Z by lia. apply Zfloor_lub. rewrite mult_IZR. nra.
      - enough (Zfloor (IZR (base2 b) * y) < base2 b * (Zfloor y + 1))%Z by lia. apply lt_IZR.
        eapply Rle_lt_trans; [apply Zfloor_lb|]. rewrite mult_IZR, plus_IZR. simpl. nra. }
    rewrite <- mult_IZR, <- minus_IZR. set (m := (_ - _)%Z) in *. clearbody m. destruct F as [F0 F1].
    apply IZR_le in F0. apply IZR_le in F1. simpl in F0. cbn [stored_bound].
    assert (B : Rabs (Q2R lo) <= Q2R (stored_bound (Fields b lo step v)) /\
                Rabs (Q2R lo + Q2R step * IZR (base2 b - 1)) <= Q2R (stored_bound (Fields b lo step v))).
    { cbn [stored_bound]. rewrite <- Q2R_inject_Z, <- Q2R_mult, <- Q2R_plus, <- !Q2R_abs. split; apply Qle_Rle.
      - apply Q.le_max_l.
      - apply Q.le_max_r. }
    cbn [stored_bound] in B. set (M := Q2R (Qmax _ _)) in *. clearbody M. destruct B as [B0 B1].
    apply Rabs_le. apply abs_range in B0. apply abs_range in B1.
    set (l := Q2R lo) in *. set (h := Q2R step) in *. destruct (Rle_dec 0 h); split; nra.
Qed.

Lemma bit_decoder_wf : forall index st w, reads_below w index -> decoder_wf w (bit_decoder index st).
Proof.
  intros index [c|b lo step v] w H; repeat split; unfold reads_below; simpl; try solve [repeat constructor].
  constructor; [|constructor]. unfold neuron_reads_below, reads_below, scale_affine; simpl. apply Forall_map.
  simpl. exact H.
Qed.

Lemma bit_decoder_inner : forall index st, (length (inner (bit_decoder index st)) <= 1)%nat.
Proof. intros index [|]; simpl; lia. Qed.
Lemma bit_decoder_outer : forall index st, (length (outer (bit_decoder index st)) <= 2)%nat.
Proof. intros index [|]; simpl; lia. Qed.
