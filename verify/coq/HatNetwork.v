(** * Multigrade networks: one hat after another, computed by ReLU layers of width d+3

    A grade adds [step * hat] to the sum so far. The network of constructs/multigrade.py has d+1 hidden layers a
    grade and the channels: the d inputs, two running extrema, and the sum plus an offset B. With
    t_j = m x_j - k_j and u_j = max(0, t_0, ..., t_(j-1)) the first extremum channel holds
    a = u_(j+1) - t_j = relu(u_j - t_j); the second one, b, the same for -t. After d layers a + b is the gauge of t,
    and the last layer makes the hat relu(1 - a - b). Here: what each readout computes, and the network's size.
    Weights may be of any type into which integers embed: Q for networks written down, R for their meaning.
    Source: arXiv 2601.16884 (width d+5 there); docs/multigrade.md, "The network". *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat.
Import ListNotations.
Local Open Scope R_scope.

(** ** The network *)

(** Adds [step] times the hat of the node [node]/[cells]. *)
Record grade (A : Type) := Grade { cells : nat; node : list Z; step : A }.
Arguments Grade {A}. Arguments cells {A}. Arguments node {A}. Arguments step {A}.

Section Build.
Context {A : Type}.
Variable of_Z : Z -> A.  (* an integer as a weight *)
Variable d : nat.        (* the number of inputs *)
Variable offset : Z.     (* what is added to the sum so that it passes a ReLU *)

(** Hands on the value of one neuron, if that is not negative. *)
Definition keep (source : nat) : neuron A := Act Relu (Affine [(source, of_Z 1)] (of_Z 0)).
Definition carriers : layer A := vec d keep.

(** The two extremum channels a and b after part [j] of a grade. *)
Definition extrema (g : grade A) (j : nat) : layer A :=
  let m := Z.of_nat (cells g) in
  let k i := nth i (node g) 0%Z in
  match j with
  | O => [Act Relu (Affine [(0%nat, of_Z (- m))] (of_Z (k 0%nat)));
          Act Relu (Affine [(0%nat, of_Z m)] (of_Z (- k 0%nat)))]
  | S i => [Act Relu (Affine [(i, of_Z m); (j, of_Z (- m)); (d, of_Z 1)] (of_Z (k j - k i)));
            Act Relu (Affine [(i, of_Z (- m)); (j, of_Z m); ((d + 1)%nat, of_Z 1)] (of_Z (- (k j - k i))))]
  end.

(** The sum over the grades before, plus the offset; part 0 takes in the last hat. *)
Definition sum_channel (before : option (grade A)) (j : nat) : neuron A :=
  match j, before with
  | S _, _ => keep (d + 2)
  | O, None => Act Relu (Affine [] (of_Z offset))
  | O, Some g => Act Relu (Affine [(d, step g); ((d + 1)%nat, of_Z 1)] (of_Z 0))
  end.

Definition part (before : option (grade A)) (g : grade A) (j : nat) : layer A :=
  carriers ++ extrema g j ++ [sum_channel before j].
Definition hat_layer : layer A :=
  carriers ++ [Act Relu (Affine [(d, of_Z (- 1)); ((d + 1)%nat, of_Z (- 1))] (of_Z 1)); keep (d + 2)].
Definition grade_layers (before : option (grade A)) (g : grade A) : list (layer A) :=
  vec d (part before g) ++ [hat_layer].
Fixpoint all_layers (before : option (grade A)) (gs : list (grade A)) : list (layer A) :=
  match gs with [] => [] | g :: gs' => grade_layers before g ++ all_layers (Some g) gs' end.

(** Readout i: the sum channel plus [step] times the last hat, less the offset, after (d+1) i layers. *)
Definition grade_readout (i : nat) (g : grade A) : readout A :=
  Readout i ((d + 1) * i) (Affine [(d, step g); ((d + 1)%nat, of_Z 1)] (of_Z (- offset))).
Fixpoint all_readouts (i : nat) (gs : list (grade A)) : list (readout A) :=
  match gs with [] => [] | g :: gs' => grade_readout i g :: all_readouts (S i) gs' end.

(** The network of all grades. *)
Definition multigrade (gs : list (grade A)) : network A :=
  Network d (all_layers None gs) (all_readouts 1 gs).
End Build.

(** What a list of grades adds up to. *)
Definition grade_sum (d : nat) (gs : list (grade R)) (x : list R) : R :=
  total gs (fun g => step g * hat d (cells g) (node g) x).

(** ** What it computes *)

(** What holds of a state [s] between two grades at the point [x], the sum so far being [P]. *)
Definition holds (d : nat) (B : Z) (before : option (grade R)) (x s : list R) (P : R) : Prop :=
  (forall i, (i < d)%nat -> coord i s = coord i x) /\
  match before with None => P = 0 | Some g => step g * coord d s + coord (d + 1) s = P + IZR B end.

Lemma keep_eval : forall s i, neuron_eval s (keep IZR i) = Rmax (coord i s) 0.
Proof. intros; unfold keep, neuron_eval, affine_eval; cbn [terms bias terms_eval activate]. f_equal; ring. Qed.

Lemma carriers_eval : forall d s x, cube d x -> (forall i, (i < d)%nat -> coord i s = coord i x) ->
  layer_eval s (carriers IZR d) = x.
Proof.
  intros d s x [Hl Hx] H. unfold carriers. rewrite layer_eval_vec.
  rewrite (vec_ext _ _ _ (fun i => coord i x)); [apply vec_coord; assumption|].
  intros i Hi. rewrite keep_eval, H by assumption. apply Rmax_left, Hx; assumption.
Qed.

(** The values after part [j]. *)
Definition after_part (d : nat) (B : Z) (g : grade R) (x : list R) (P : R) (j : nat) : list R :=
  let t := scaled (cells g) (node g) x in
  x ++ [top (S j) t - t j; top (S j) (fun i => - t i) + t j; P + IZR B].

Lemma coord_left : forall x s i, (i < length x)%nat -> coord i (x ++ s) = coord i x.
Proof. intros; apply nth_app_left; assumption. Qed.
Lemma coord_right : forall d x s i, length x = d -> coord (d + i) (x ++ s) = coord i s.
Proof. intros; apply nth_app_right; assumption. Qed.
Lemma coord_next : forall d x a s, length x = d -> coord d (x ++ a :: s) = a.
Proof. intros; rewrite <- (Nat.add_0_r d), coord_right by assumption; reflexivity. Qed.

Lemma part_eval : forall d B before g x s P j, (S j <= d)%nat -> cube d x -> holds d B before x s P -> 0 <= P + IZR B ->
  state (vec (S j) (part IZR d B before g)) s = after_part d B g x P j.
Proof.
  intros d B before g x s P j Hj Hx [Hs Hb] HP. assert (Hl := proj1 Hx).
  induction j as [|j IH].
  - unfold vec; cbn [seq map]. change (state [?l] s) with (layer_eval s l).
    change (state [part IZR d B before g 0] s) with (layer_eval s (part IZR d B before g 0)).
    unfold part, after_part. rewrite !layer_eval_app, (carriers_eval d s x Hx Hs). f_equal.
    cbn [layer_eval map app extrema neuron_eval activate top]. unfold affine_eval; cbn [terms bias terms_eval].
    rewrite (Hs 0%nat) by lia. unfold scaled. rewrite INR_IZR_INZ, !opp_IZR.
    f_equal; [|f_equal; [|f_equal]].
    + rewrite <- Rmax_comm. unfold Rmax; repeat destruct Rle_dec; lra.
    + rewrite <- Rmax_comm. unfold Rmax; repeat destruct Rle_dec; lra.
    + destruct before as [b|]; cbn [sum_channel neuron_eval activate]; unfold affine_eval; cbn [terms bias terms_eval].
      * rewrite <- Hb in *. rewrite Rmax_left; lra.
      * rewrite Hb in *. rewrite Rmax_left; lra.
  - unfold vec in *. rewrite seq_S, map_app, state_app, IH by lia. cbn [map plus].
    change (state [part IZR d B before g (S j)] ?s') with (layer_eval s' (part IZR d B before g (S j))).
    set (s' := after_part d B g x P j).
    assert (Hs' : forall i, (i < d)%nat -> coord i s' = coord i x) by (intros; apply coord_left; lia).
    assert (Ha : coord d s' = top (S j) (scaled (cells g) (node g) x) - scaled (cells g) (node g) x j)
      by (apply coord_next; assumption).
    assert (Hb1 : coord (d + 1) s' = top (S j) (fun i => - scaled (cells g) (node g) x i) + scaled (cells g) (node g)
      x j)
      by (apply coord_right; assumption).
    assert (Hb2 : coord (d + 2) s' = P + IZR B) by (apply coord_right; assumption).
    unfold part. rewrite !layer_eval_app, (carriers_eval d s' x Hx Hs'). unfold after_part at 1. f_equal.
    cbn [layer_eval map app extrema neuron_eval activate sum_channel].
    fold (neuron_eval s' (keep IZR (d + 2))). rewrite keep_eval.
    unfold affine_eval; cbn [terms bias terms_eval].
    rewrite Hs', (Hs' (S j)), Ha, Hb1, Hb2 by lia.
    change (top (S (S j)) ?v) with (Rmax (top (S j) v) (v (S j))).
    generalize (top (S j) (scaled (cells g) (node g) x)) (top (S j) (fun i => - scaled (cells g) (node g) x i)).
    intros u w.
    unfold scaled. rewrite INR_IZR_INZ, !opp_IZR, minus_IZR.
    f_equal; [|f_equal; [|f_equal]]; unfold Rmax; repeat destruct Rle_dec; lra.
Qed.

Lemma grade_eval : forall d B before g x s P, (1 <= d)%nat -> cube d x -> holds d B before x s P -> 0 <= P + IZR B ->
  holds d B (Some g) x (state (grade_layers IZR d B before g) s) (P + step g * hat d (cells g) (node g) x).
Proof.
  intros d B before g x s P Hd Hx Hs HP. assert (Hl := proj1 Hx). destruct d as [|e]; [lia|].
  unfold grade_layers. rewrite state_app, (part_eval _ _ _ _ x s P e) by (assumption || lia).
  set (s' := after_part (S e) B g x P e). set (d := S e) in *.
  change (state [hat_layer IZR d] s') with (layer_eval s' (hat_layer IZR d)).
  unfold hat_layer. rewrite layer_eval_app, (carriers_eval d s' x Hx) by (intros; apply coord_left; lia).
  cbn [layer_eval map]. rewrite keep_eval. unfold neuron_eval, affine_eval; cbn [terms bias terms_eval activate].
  replace (coord d s') with (top d (scaled (cells g) (node g) x) - scaled (cells g) (node g) x e)
    by (symmetry; apply coord_next; assumption).
  replace (coord (d + 1) s') with (top d (fun i => - scaled (cells g) (node g) x i) + scaled (cells g) (node g) x e)
    by (symmetry; apply coord_right; assumption).
  replace (coord (d + 2) s') with (P + IZR B) by (symmetry; apply coord_right; assumption).
  split.
  - intros; apply coord_left; lia.
  - rewrite coord_next, coord_right by assumption. change (coord 1 [?a; ?b]) with b.
    rewrite (Rmax_left (P + IZR B)) by assumption. unfold hat, gauge.
    match goal with |- _ * Rmax ?p 0 + _ = _ + _ * Rmax ?q 0 + _ => replace p with q by lra end. lra.
Qed.

Lemma last_cons : forall A (l : list A) a b, last (a :: l) b = last l a.
Proof.
  induction l as [|c l IH]; intros; [reflexivity|].
  change (last (a :: c :: l) b) with (last (c :: l) b). rewrite !IH; reflexivity.
Qed.

Lemma last_app : forall A (l l' : list A) b, last (l ++ l') b = last l' (last l b).
Proof. induction l as [|c l IH]; intros; [reflexivity|]. cbn [app]. rewrite !last_cons. apply IH. Qed.

Lemma all_layers_eval : forall d B x gs before s P, (1 <= d)%nat -> cube d x -> holds d B before x s P ->
  (forall i, (i < length gs)%nat -> 0 <= P + grade_sum d (firstn i gs) x + IZR B) ->
  holds d B (last (map Some gs) before) x (state (all_layers IZR d B before gs) s) (P + grade_sum d gs x).
Proof.
  intros d B x. induction gs as [|g gs IH]; intros before s P Hd Hx Hs HP.
  - unfold grade_sum, total; cbn. rewrite Rplus_0_r. exact Hs.
  - cbn [all_layers]. rewrite state_app. unfold grade_sum. rewrite total_cons, <- Rplus_assoc.
    cbn [map]. rewrite last_cons.
    apply IH; try assumption.
    + apply grade_eval; try assumption. specialize (HP 0%nat ltac:(simpl; lia)). cbn in HP. lra.
    + intros i Hi. specialize (HP (S i) ltac:(simpl; lia)). cbn [firstn] in HP. unfold grade_sum in *.
      rewrite total_cons in HP. lra.
Qed.

Lemma all_layers_length : forall A (z : Z -> A) d B gs before,
  length (all_layers z d B before gs) = ((d + 1) * length gs)%nat.
Proof.
  induction gs as [|g gs IH]; intros; cbn [all_layers]; [simpl; lia|].
  unfold grade_layers. rewrite !app_length, IH, vec_length. simpl length; lia.
Qed.

Lemma all_layers_firstn : forall A (z : Z -> A) d B gs before i,
  firstn ((d + 1) * i) (all_layers z d B before gs) = all_layers z d B before (firstn i gs).
Proof.
  induction gs as [|g gs IH]; intros before i; cbn [all_layers]; [rewrite !firstn_nil; reflexivity|].
  destruct i; [rewrite Nat.mul_0_r; reflexivity|]. cbn [firstn all_layers]. rewrite <- IH.
  assert (L : length (grade_layers z d B before g) = (d + 1)%nat)
    by (unfold grade_layers; rewrite app_length, vec_length; simpl; lia).
  rewrite firstn_app, L, firstn_all2 by (rewrite L; lia). do 2 f_equal. lia.
Qed.

Lemma all_readouts_nth : forall A (z : Z -> A) d B gs i k g, nth_error gs i = Some g ->
  nth_error (all_readouts z d B k gs) i = Some (grade_readout z d B (k + i) g).
Proof.
  induction gs as [|h gs IH]; intros i k g H; destruct i; try discriminate.
  - injection H; intros ->. cbn. rewrite Nat.add_0_r. reflexivity.
  - cbn in *. rewrite (IH i (S k) g H). do 2 f_equal. lia.
Qed.

(** For every d >= 1, every list of grades with real steps and any meshes, and every offset B: at a point of the
    cube at which no sum of fewer than i grades is below -B, readout i of the network, which reads the layer
    (d+1) i, is exactly the sum of step * hat over the first i grades. *)
Theorem multigrade_computes : forall d B (gs : list (grade R)) x i, (1 <= d)%nat -> cube d x ->
  (1 <= i <= length gs)%nat ->
  (forall j, (j < i)%nat -> - IZR B <= grade_sum d (firstn j gs) x) ->
  exists r, nth_error (readouts (multigrade IZR d B gs)) (i - 1) = Some r /\
    level r = i /\ after r = ((d + 1) * i)%nat /\
    output (multigrade IZR d B gs) r x = grade_sum d (firstn i gs) x.
Proof.
  intros d B gs x i Hd Hx Hi HB. destruct i as [|i]; [lia|]. replace (S i - 1)%nat with i by lia.
  destruct (nth_error gs i) as [g|] eqn:Hg; [|apply nth_error_None in Hg; lia].
  exists (grade_readout IZR d B (S i) g). split; [apply (all_readouts_nth _ _ _ _ gs i 1 g Hg)|].
  split; [reflexivity|]. split; [reflexivity|].
  unfold output, multigrade, grade_readout; cbn [after head layers]. rewrite all_layers_firstn.
  assert (E : firstn (S i) gs = firstn i gs ++ [g]).
  { clear -Hg. revert i Hg. induction gs as [|h gs IH]; intros [|i] Hg; try discriminate; cbn in *.
    - injection Hg; intros ->; reflexivity.
    - f_equal. apply IH; assumption. }
  assert (H : holds d B (last (map Some (firstn (S i) gs)) None) x
    (state (all_layers IZR d B None (firstn (S i) gs)) x) (0 + grade_sum d (firstn (S i) gs) x)).
  { apply all_layers_eval; try assumption.
    - split; reflexivity.
    - intros j Hj. rewrite firstn_length in Hj. rewrite firstn_firstn, Nat.min_l by lia.
      specialize (HB j ltac:(lia)). lra. }
  rewrite E, map_app in H. cbn [map] in H. rewrite last_last in H. rewrite <- E in H. destruct H as [_ H].
  unfold affine_eval; cbn [terms bias terms_eval]. rewrite opp_IZR. lra.
Qed.
