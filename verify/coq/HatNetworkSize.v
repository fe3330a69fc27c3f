(** * Multigrade networks: their size, their prefixes, and rational weights

    Well-formedness, width, depth and the prefix property of the networks of HatNetwork.v, and that a network
    written down with rational steps means the one with the same real steps.
    Source: arXiv 2601.16884 (width d+5 there); docs/multigrade.md, "The network". *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatNetwork.
Import ListNotations.
Local Open Scope R_scope.

(** ** Its size *)

Lemma part_length : forall A (z : Z -> A) d B before g j, length (part z d B before g j) = (d + 3)%nat.
Proof. intros. unfold part, carriers. rewrite !app_length, vec_length. destruct j; simpl; lia. Qed.

Lemma hat_layer_length : forall A (z : Z -> A) d, length (hat_layer z d) = (d + 2)%nat.
Proof. intros. unfold hat_layer, carriers. rewrite app_length, vec_length. simpl; lia. Qed.

Lemma grade_layers_width : forall A (z : Z -> A) d B before g,
  Forall (fun l : layer A => (length l <= d + 3)%nat) (grade_layers z d B before g).
Proof.
  intros. unfold grade_layers. apply Forall_app. split.
  - apply Forall_forall. intros l Hl. apply in_map_iff in Hl. destruct Hl as (j & <- & _).
    rewrite part_length; lia.
  - constructor; [rewrite hat_layer_length; lia|constructor].
Qed.

Lemma layers_wf_app : forall A (a b : list (layer A)) w,
  layers_wf w (a ++ b) <-> layers_wf w a /\ layers_wf (last (map (@length _) a) w) b.
Proof.
  induction a as [|l a IH]; intros b w; [simpl; tauto|].
  cbn [app layers_wf map]. rewrite IH, last_cons. tauto.
Qed.

Lemma carriers_wf : forall A (z : Z -> A) d w, (d <= w)%nat -> Forall (neuron_reads_below w) (carriers z d).
Proof.
  intros. apply Forall_forall. intros n Hn. apply in_map_iff in Hn. destruct Hn as (i & <- & Hi).
  apply in_seq in Hi. repeat constructor. simpl; lia.
Qed.

Ltac neurons := repeat match goal with
  | |- Forall _ (_ ++ _) => apply Forall_app; split
  | |- Forall _ (carriers _ _) => apply carriers_wf
  | |- Forall _ _ => constructor
  | |- neuron_reads_below _ _ => unfold neuron_reads_below, reads_below, keep; cbn [terms]
  end; cbn [fst]; try lia.

(** The number of neurons before a grade. *)
Definition width_before {A} (d : nat) (before : option (grade A)) : nat :=
  match before with None => d | Some _ => (d + 2)%nat end.

Lemma part_wf : forall A (z : Z -> A) d B before g j, (1 <= d)%nat -> (S j <= d)%nat ->
  layers_wf (width_before d before) (vec (S j) (part z d B before g)).
Proof.
  intros A z d B before g j Hd Hj. induction j as [|j IH].
  - cbn [vec seq map layers_wf]. split; [|exact I]. unfold part, extrema, sum_channel.
    destruct before; cbn [width_before]; neurons.
  - unfold vec in *. rewrite seq_S, map_app. apply layers_wf_app. split; [apply IH; lia|].
    rewrite seq_S, !map_app. cbn [map plus]. rewrite last_last, part_length. split; [|exact I].
    unfold part, extrema, sum_channel. neurons.
Qed.

Lemma all_layers_wf : forall A (z : Z -> A) d B gs before, (1 <= d)%nat ->
  layers_wf (width_before d before) (all_layers z d B before gs).
Proof.
  intros A z d B. destruct d as [|e]; [lia|].
  induction gs as [|g gs IH]; intros before Hd; [exact I|]. cbn [all_layers]. apply layers_wf_app.
  unfold grade_layers. rewrite map_app. cbn [map]. rewrite last_last, hat_layer_length.
  split; [|exact (IH (Some g) Hd)].
  apply layers_wf_app. split; [apply part_wf; lia|].
  unfold vec. rewrite seq_S, !map_app. cbn [map plus]. rewrite last_last, part_length.
  split; [|exact I]. unfold hat_layer. neurons.
Qed.

Lemma all_readouts_in : forall A (z : Z -> A) d B gs k r, In r (all_readouts z d B k gs) ->
  exists i g, (k <= i < k + length gs)%nat /\ r = grade_readout z d B i g.
Proof.
  induction gs as [|g gs IH]; intros k r; [intros []|]. intros [<-|H].
  - exists k, g. split; [simpl; lia|reflexivity].
  - destruct (IH (S k) r H) as (i & h & Hi & ->). exists i, h. split; [simpl; lia|reflexivity].
Qed.

Lemma all_readouts_firstn : forall A (z : Z -> A) d B gs k i,
  filter (fun r => Nat.leb (after r) ((d + 1) * (k + i))) (all_readouts z d B (S k) gs) = all_readouts z d B (S k)
    (firstn i gs).
Proof.
  induction gs as [|g gs IH]; intros k i; [destruct i; reflexivity|].
  destruct i; cbn [all_readouts firstn filter].
  - rewrite Nat.add_0_r. cbn [grade_readout after]. destruct (Nat.leb_spec ((d + 1) * S k) ((d + 1) * k)); [lia|].
    specialize (IH (S k) 0%nat). clear H.
    assert (H : forall l, (forall r, In r l -> (after r > (d + 1) * k)%nat) ->
      filter (fun r : readout A => Nat.leb (after r) ((d + 1) * k)) l = []).
    { induction l as [|r l IHl]; intros H; [reflexivity|]. cbn [filter].
      destruct (Nat.leb_spec (after r) ((d + 1) * k)).
      - specialize (H r (or_introl eq_refl)). lia.
      - apply IHl. intros; apply H; right; assumption. }
    apply H. intros r Hr. apply all_readouts_in in Hr. destruct Hr as (i & h & Hi & ->). cbn [grade_readout after].
    nia.
  - cbn [grade_readout after]. destruct (Nat.leb_spec ((d + 1) * S k) ((d + 1) * (k + S i))); [|nia].
    f_equal. rewrite <- IH. apply filter_ext. intros. do 2 f_equal. lia.
Qed.

(** For every d >= 1, every list of grades and every offset, whatever the weights' type: the network is well
    formed, has width at most d+3 and d+1 layers a grade, and cut after the layers of its first i grades it is
    literally the network of these i grades: each network is a prefix of all longer ones. *)
Theorem multigrade_size : forall A (of_Z : Z -> A) d offset gs, (1 <= d)%nat ->
  well_formed (multigrade of_Z d offset gs) /\
  (width (multigrade of_Z d offset gs) <= d + 3)%nat /\
  depth (multigrade of_Z d offset gs) = ((d + 1) * length gs)%nat /\
  forall i, prefix ((d + 1) * i) (multigrade of_Z d offset gs) = multigrade of_Z d offset (firstn i gs).
Proof.
  intros A z d B gs Hd. split; [|split; [|split]].
  - split; [apply (all_layers_wf A z d B gs None Hd)|].
    apply Forall_forall. intros r Hr. apply all_readouts_in in Hr. destruct Hr as (i & g & Hi & ->).
    unfold depth, width_after. cbn [multigrade layers readouts inputs grade_readout after head].
    rewrite all_layers_length, all_layers_firstn. split; [nia|].
    assert (E : exists g' gs', firstn i gs = gs' ++ [g']).
    { destruct (firstn i gs) as [|g' gs'] eqn:E.
      - apply (f_equal (@length _)) in E. rewrite firstn_length in E. simpl in E. lia.
      - destruct (@exists_last _ (g' :: gs')) as (gs0 & g0 & ->); [discriminate|]. exists g0, gs0; reflexivity. }
    destruct E as (g' & gs' & ->).
    assert (W : forall before w, last (map (@length _) (all_layers z d B before (gs' ++ [g']))) w = (d + 2)%nat).
    { clear. induction gs' as [|h gs' IH]; intros; cbn [app all_layers].
      - unfold grade_layers. rewrite app_nil_r, map_app. cbn [map]. rewrite last_last. apply hat_layer_length.
      - rewrite map_app, last_app. apply IH. }
    rewrite W. unfold reads_below; cbn [terms]. repeat constructor; simpl; lia.
  - apply width_le. cbn [multigrade layers]. generalize (@None (grade A)).
    induction gs as [|g gs IH]; intros; [constructor|].
    cbn [all_layers]. apply Forall_app. split; [apply grade_layers_width|apply IH].
  - apply all_layers_length.
  - intros i. unfold prefix, multigrade. cbn [inputs layers readouts]. rewrite all_layers_firstn.
    f_equal. apply (all_readouts_firstn A z d B gs 0 i).
Qed.

(** ** Networks written down *)

Lemma all_layers_map : forall A C (z : Z -> A) (z' : Z -> C) (g : A -> C) d B,
  (forall n, g (z n) = z' n) -> forall gs before,
  let G h := Grade (cells h) (node h) (g (step h)) in
  map (map (map_neuron g)) (all_layers z d B before gs) = all_layers z' d B (option_map G before) (map G gs).
Proof.
  intros A C z z' g d B Hz gs before G. revert before.
  assert (K : forall i, map_neuron g (keep z i) = keep z' i).
  { intros; unfold keep, map_neuron, map_affine; cbn [terms bias map fst snd]. rewrite !Hz. reflexivity. }
  assert (Cr : map (map_neuron g) (carriers z d) = carriers z' d).
  { unfold carriers, vec. rewrite map_map. apply map_ext. exact K. }
  assert (P : forall before h j, map (map_neuron g) (part z d B before h j) = part z' d B (option_map G before) (G h)
    j).
  { intros. unfold part. rewrite !map_app, Cr. f_equal.
    destruct j; [destruct before|]; cbn [extrema sum_channel map app option_map]; rewrite ?K;
      unfold map_neuron, map_affine, G; cbn [terms bias map fst snd cells node step]; rewrite !Hz; reflexivity. }
  induction gs as [|h gs IH]; intros before; [reflexivity|]. cbn [all_layers map]. rewrite map_app, IH. f_equal.
  unfold grade_layers. rewrite map_app. f_equal.
  - unfold vec. rewrite map_map. apply map_ext. intros; apply P.
  - unfold hat_layer. cbn [map]. rewrite map_app, Cr. cbn [map]. rewrite K. do 3 f_equal.
    unfold map_neuron, map_affine; cbn [terms bias map fst snd]. rewrite !Hz. reflexivity.
Qed.

(** The network with rational steps means the network with the same real steps, to which the theorems apply. *)
Theorem multigrade_real : forall d offset (gs : list (grade Q)),
  real (multigrade inject_Z d offset gs) =
  multigrade IZR d offset (map (fun g => Grade (cells g) (node g) (Q2R (step g))) gs).
Proof.
  intros d B gs. unfold real, map_network, multigrade. cbn [inputs layers readouts].
  assert (Hz : forall n, Q2R (inject_Z n) = IZR n) by (intros; unfold Q2R; simpl; field).
  rewrite (all_layers_map _ _ _ IZR) by exact Hz. f_equal. generalize 1%nat.
  induction gs as [|g gs IH]; intros k; [reflexivity|]. cbn [all_readouts map]. rewrite IH. f_equal.
  unfold grade_readout, map_readout, map_affine; cbn [level after head terms bias map fst snd]. rewrite !Hz.
  reflexivity.
Qed.
