(** * Bit extraction: a whole table in one number

    docs/geometric.md, decoders (arXiv 2604.20219 asks for a decoder; this one is ours). Fields v_0, ..., v_(K-1) of b
    bits are packed into a = sum_J v_J B^-(J+1), B = 2^b. Then floor(a B^(J+1)) - B floor(a B^J) = v_J for every J < K:
    two floors read any field back, exactly. *)

From Coq Require Import Reals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums.
Import ListNotations.
Local Open Scope R_scope.

(** The fields written one after the other in base B, the first one highest (constructs/bit_decoder.py, [pack]). *)
Definition pack (B : Z) (v : list Z) : Z := fold_left (fun acc z => acc * B + z)%Z v 0%Z.

(** Every field fits. *)
Definition fields_ok (B : Z) (v : list Z) : Prop := Forall (fun z => (0 <= z < B)%Z) v.

Lemma pack_last : forall B v z, pack B (v ++ [z]) = (pack B v * B + z)%Z.
Proof. intros; unfold pack; rewrite fold_left_app; reflexivity. Qed.

Lemma pack_app : forall B u v, pack B (v ++ u) = (pack B v * B ^ Z.of_nat (length u) + pack B u)%Z.
Proof.
  intros B u. induction u as [|z u IH] using rev_ind; intros v.
  - rewrite app_nil_r. cbn [length]. rewrite Z.pow_0_r. unfold pack at 3. cbn [fold_left]. ring.
  - rewrite app_assoc, !pack_last, IH, app_length, Nat2Z.inj_add, Z.pow_add_r by lia.
    change (Z.of_nat (length [z])) with 1%Z.
    rewrite Z.pow_1_r. ring.
Qed.

Lemma pack_bounds : forall B v, (1 <= B)%Z -> fields_ok B v -> (0 <= pack B v < B ^ Z.of_nat (length v))%Z.
Proof.
  intros B v HB. induction v as [|z v IH] using rev_ind; intros H; [cbn; lia|].
  apply Forall_app in H. destruct H as [Hv Hz]. inversion Hz; subst. specialize (IH Hv).
  rewrite pack_last, app_length, Nat2Z.inj_add, Z.pow_add_r by lia. change (Z.of_nat (length [z])) with 1%Z.
  rewrite Z.pow_1_r.
  assert ((pack B v + 1) * B <= B ^ Z.of_nat (length v) * B)%Z by (apply Z.mul_le_mono_nonneg_r; lia). nia.
Qed.

(** The first J fields are an integer part. *)
Lemma floor_prefix : forall B v J, (1 <= B)%Z -> fields_ok B v -> (J <= length v)%nat ->
  Zfloor (IZR (pack B v) / IZR B ^ length v * IZR B ^ J) = pack B (firstn J v).
Proof.
  intros B v J HB Hv HJ. rewrite <- (firstn_skipn J v) at 1. rewrite pack_app, skipn_length.
  set (n := (length v - J)%nat). replace (length v) with (J + n)%nat by lia.
  assert (Hs : fields_ok B (skipn J v)).
  { unfold fields_ok in *. rewrite <- (firstn_skipn J v) in Hv. apply Forall_app in Hv. tauto. }
  destruct (pack_bounds B _ HB Hs) as [Hlo Hhi]. rewrite skipn_length in Hhi. fold n in Hhi.
  apply IZR_le in Hlo. apply IZR_lt in Hhi. rewrite <- pow_IZR in Hhi. simpl in Hlo.
  assert (P : forall k, 0 < IZR B ^ k) by (intros; apply pow_lt, IZR_lt; lia).
  apply Zfloor_imp. rewrite !plus_IZR, mult_IZR, <- pow_IZR, pow_add.
  pose proof (P n). pose proof (P J).
  replace ((IZR (pack B (firstn J v)) * IZR B ^ n + IZR (pack B (skipn J v))) / (IZR B ^ J * IZR B ^ n) * IZR B ^ J)
    with (IZR (pack B (firstn J v)) + IZR (pack B (skipn J v)) / IZR B ^ n) by (field; lra).
  split.
  - pose proof (Rmult_le_pos _ _ Hlo (Rlt_le _ _ (Rinv_0_lt_compat _ H))). unfold Rdiv. lra.
  - apply Rplus_lt_compat_l. apply (Rmult_lt_reg_r (IZR B ^ n)); [assumption|]. unfold Rdiv.
    rewrite Rmult_assoc, Rinv_l, Rmult_1_r, Rmult_1_l by lra. assumption.
Qed.

Lemma firstn_snoc : forall (v : list Z) J, (J < length v)%nat -> firstn (S J) v = firstn J v ++ [nth J v 0%Z].
Proof.
  induction v as [|z v IH]; intros J H; simpl in H; [lia|]. destruct J as [|J]; [reflexivity|].
  cbn [firstn nth app]. rewrite <- IH by lia. reflexivity.
Qed.

(** The packed fields, read as digits after the point. *)
Lemma packed_sum : forall B v, (1 <= B)%Z ->
  sum (length v) (fun j => IZR (nth j v 0%Z) / IZR B ^ S j) = IZR (pack B v) / IZR B ^ length v.
Proof.
  intros B v HB. assert (P : forall k, IZR B ^ k <> 0) by (intros; apply pow_nonzero, IZR_neq; lia).
  induction v as [|z v IH] using rev_ind; [cbn; field|].
  rewrite pack_last, app_length, Nat.add_1_r. cbn [sum]. rewrite app_nth2, Nat.sub_diag by lia. cbn [nth].
  rewrite (sum_ext _ _ (fun j => IZR (nth j v 0%Z) / IZR B ^ S j)) by (intros; rewrite app_nth1 by lia; reflexivity).
  rewrite IH, plus_IZR, mult_IZR. cbn [pow].
  pose proof (IZR_neq B 0 ltac:(lia)). specialize (P (length v)). field. split; assumption.
Qed.

(** Bit extraction, for every base B >= 1, every table of fields below B and every place J in it: with
    a = sum_J v_J B^-(J+1), floor(a B^(J+1)) - B floor(a B^J) = v_J. *)
Theorem bit_extraction : forall (B : Z) (v : list Z) (J : nat),
  (1 <= B)%Z -> fields_ok B v -> (J < length v)%nat ->
  let a := sum (length v) (fun j => IZR (nth j v 0%Z) / IZR B ^ S j) in
  IZR (Zfloor (a * IZR B ^ S J)) - IZR B * IZR (Zfloor (a * IZR B ^ J)) = IZR (nth J v 0%Z).
Proof.
  intros B v J HB Hv HJ a. unfold a. rewrite packed_sum by assumption.
  rewrite !floor_prefix by (assumption || lia). rewrite firstn_snoc, pack_last, plus_IZR, mult_IZR by assumption. ring.
Qed.
