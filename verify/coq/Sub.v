(** * A network with some of its neurons left out

    Keep some neurons of every layer and renumber them (constructs/wiring.py, [assemble]). If whoever is kept reads only
    what is kept, the smaller network is well formed and computes the same. *)

From Coq Require Import Reals QArith Bool List Lia.
From Approxcert Require Import Sums Network Levels.
Import ListNotations.
Local Open Scope nat_scope.

(** ** The kept part of a network *)

(** For each neuron of a layer: is it kept? *)
Definition flags := list bool.

(** The kept elements. *)
Fixpoint select {A} (m : flags) (l : list A) : list A :=
  match m, l with b :: m', a :: l' => if b then a :: select m' l' else select m' l' | _, _ => [] end.

(** The new number of neuron i: how many kept ones come before it. *)
Fixpoint rank (m : flags) (i : nat) : nat :=
  match m, i with b :: m', S i' => (if b then 1 else 0) + rank m' i' | _, _ => 0 end.

Definition kept (m : flags) (i : nat) : Prop := nth i m false = true.

Definition renumber_affine {A} (m : flags) (u : affine A) : affine A :=
  Affine (map (fun t => (rank m (fst t), snd t)) (terms u)) (bias u).
Definition renumber_neuron {A} (m : flags) (n : neuron A) : neuron A :=
  match n with Act a u => Act a (renumber_affine m u) | Product s => Product (map (rank m) s) end.

(** The kept neurons of all layers; [m] are the flags of the layer before. *)
Fixpoint sub_layers {A} (m : flags) (ms : list flags) (ls : list (layer A)) : list (layer A) :=
  match ms, ls with
  | m' :: ms', l :: ls' => map (renumber_neuron m) (select m' l) :: sub_layers m' ms' ls'
  | _, _ => []
  end.

(** The flags of the layer number k, of the inputs for k = 0. *)
Definition flags_after (inputs : nat) (ms : list flags) (k : nat) : flags := last (firstn k ms) (repeat true inputs).

Definition renumber_readout {A} (inputs : nat) (ms : list flags) (r : readout A) : readout A :=
  Readout (level r) (after r) (renumber_affine (flags_after inputs ms (after r)) (head r)).

Definition sub {A} (ms : list flags) (n : network A) : network A :=
  Network (inputs n) (sub_layers (repeat true (inputs n)) ms (layers n))
    (map (renumber_readout (inputs n) ms) (readouts n)).

(** Whoever is kept reads only what is kept, and so do the readouts. *)
Definition sources {A} (n : neuron A) : list nat := match n with Act _ u => map fst (terms u) | Product s => s end.
Fixpoint closed_layers {A} (m : flags) (ms : list flags) (ls : list (layer A)) : Prop :=
  match ms, ls with
  | m' :: ms', l :: ls' => Forall (fun n => Forall (kept m) (sources n)) (select m' l) /\ closed_layers m' ms' ls'
  | [], [] => True
  | _, _ => False
  end.
Definition closed {A} (ms : list flags) (n : network A) : Prop :=
  closed_layers (repeat true (inputs n)) ms (layers n) /\
  Forall (fun r => Forall (kept (flags_after (inputs n) ms (after r))) (map fst (terms (head r)))) (readouts n).

(** ** It computes the same *)

Lemma coord_select : forall m i s, kept m i -> coord (rank m i) (select m s) = coord i s.
Proof.
  unfold kept, coord. induction m as [|b m IH]; intros i s Hi; [destruct i; discriminate|].
  destruct i as [|i], s as [|a s]; simpl in Hi; subst.
  - reflexivity.
  - reflexivity.
  - simpl. destruct (_ + _); reflexivity.
  - cbn [rank select]. destruct b; simpl; apply IH; assumption.
Qed.

Lemma affine_select : forall m (u : affine R) s, Forall (kept m) (map fst (terms u)) ->
  affine_eval (renumber_affine m u) (select m s) = affine_eval u s.
Proof.
  intros m [ts b] s H. unfold affine_eval; cbn [renumber_affine terms bias] in *. f_equal.
  induction ts as [|[i w] ts IH]; [reflexivity|]. inversion H; subst. cbn [map terms_eval fst snd].
  rewrite IH, coord_select by assumption. reflexivity.
Qed.

Lemma neuron_select : forall m (n : neuron R) s, Forall (kept m) (sources n) ->
  neuron_eval (select m s) (renumber_neuron m n) = neuron_eval s n.
Proof.
  intros m [a u|p] s H; cbn [renumber_neuron neuron_eval sources] in *.
  - rewrite affine_select by assumption. reflexivity.
  - induction H as [|i p Hi _ IH]; [reflexivity|]. cbn [map fold_right].
    rewrite IH, coord_select by assumption. reflexivity.
Qed.

Lemma layer_select : forall m m' (l : layer R) s, Forall (fun n => Forall (kept m) (sources n)) (select m' l) ->
  layer_eval (select m s) (map (renumber_neuron m) (select m' l)) = select m' (layer_eval s l).
Proof.
  intros m. induction m' as [|b m' IH]; intros l s H; [reflexivity|]. destruct l as [|n l]; [reflexivity|].
  unfold layer_eval in *. destruct b; cbn [select map] in *.
  - inversion H; subst. rewrite neuron_select by assumption. f_equal. apply IH. assumption.
  - apply IH. assumption.
Qed.

Lemma last_cons : forall A (a : A) l e, last (a :: l) e = last l a.
Proof.
  intros A a l. revert a. induction l as [|b l IH]; intros a e; [reflexivity|].
  change (last (b :: l) e = last (b :: l) a). rewrite !IH. reflexivity.
Qed.

Lemma state_select : forall k ms m (ls : list (layer R)) x, closed_layers m ms ls ->
  state (firstn k (sub_layers m ms ls)) (select m x) = select (last (firstn k ms) m) (state (firstn k ls) x).
Proof.
  induction k as [|k IH]; intros ms m ls x H; [reflexivity|].
  destruct ms as [|m' ms], ls as [|l ls]; simpl in H; try contradiction; [reflexivity|]. destruct H as [Hl H].
  cbn [sub_layers firstn]. rewrite last_cons. unfold state in *; cbn [fold_left].
  rewrite layer_select by assumption. apply IH. assumption.
Qed.

Lemma select_all : forall A (x : list A), select (repeat true (length x)) x = x.
Proof. induction x as [|a x IH]; [reflexivity|]. simpl. rewrite IH. reflexivity. Qed.

Lemma sub_Phi : forall ms (n : network R) l x, closed ms n -> length x = inputs n -> Phi (sub ms n) l x = Phi n l x.
Proof.
  intros ms n l x [Hl Hr] Hx. unfold Phi, sub; cbn [readouts].
  destruct (Nat.lt_ge_cases l (length (readouts n))) as [H|H].
  - set (e := Readout 0 0 (Affine [] 0%R)).
    rewrite (nth_indep _ _ (renumber_readout (inputs n) ms e)) by (rewrite map_length; assumption).
    rewrite map_nth. set (r := nth l (readouts n) e). unfold output; cbn [renumber_readout head after layers].
    assert (E : state (firstn (after r) (sub_layers (repeat true (inputs n)) ms (layers n))) x =
                select (flags_after (inputs n) ms (after r)) (state (firstn (after r) (layers n)) x)).
    { rewrite <- (select_all R x) at 1. rewrite Hx. apply state_select. assumption. }
    rewrite E. apply affine_select. rewrite Forall_forall in Hr. apply Hr. apply nth_In. assumption.
  - rewrite !nth_overflow by (rewrite ?map_length; assumption). reflexivity.
Qed.

(** ** Weights in Q *)

Lemma select_map : forall A B (g : A -> B) m l, select m (map g l) = map g (select m l).
Proof.
  induction m as [|b m IH]; intros l; [reflexivity|]. destruct l as [|a l]; [reflexivity|].
  simpl. destruct b; simpl; rewrite IH; reflexivity.
Qed.

Lemma sources_map : forall A B (g : A -> B) n, sources (map_neuron g n) = sources n.
Proof. intros A B g [a u|s]; simpl; [rewrite map_map|]; reflexivity. Qed.

Lemma renumber_affine_map : forall A B (g : A -> B) m u,
  renumber_affine m (map_affine g u) = map_affine g (renumber_affine m u).
Proof. intros. unfold renumber_affine, map_affine; simpl. rewrite !map_map. reflexivity. Qed.

Lemma sub_layers_map : forall A B (g : A -> B) ms m ls,
  sub_layers m ms (map (map (map_neuron g)) ls) = map (map (map_neuron g)) (sub_layers m ms ls).
Proof.
  intros A B g. induction ms as [|m' ms IH]; intros m ls; [reflexivity|]. destruct ls as [|l ls]; [reflexivity|].
  cbn [map sub_layers]. rewrite IH, select_map, !map_map. f_equal. apply map_ext. intros [a u|s]; [|reflexivity].
  cbn [map_neuron renumber_neuron]. rewrite renumber_affine_map. reflexivity.
Qed.

Lemma sub_map : forall A B (g : A -> B) ms n, sub ms (map_network g n) = map_network g (sub ms n).
Proof.
  intros. unfold sub, map_network; cbn [inputs layers readouts]. rewrite sub_layers_map, !map_map.
  f_equal. apply map_ext. intros r. unfold map_readout, renumber_readout; cbn [level after head].
  rewrite renumber_affine_map. reflexivity.
Qed.

Lemma closed_map : forall A B (g : A -> B) ms n, closed ms n -> closed ms (map_network g n).
Proof.
  intros A B g ms n [H R]. split; cbn [map_network inputs layers readouts] in *.
  - revert H. generalize (repeat true (inputs n)) as m, (layers n) as ls. clear R.
    induction ms as [|m' ms IH]; intros m [|l ls]; simpl; auto. intros [H1 H2]. split; [|apply IH; assumption].
    rewrite select_map. apply Forall_map. revert H1. apply Forall_impl. intros. rewrite sources_map. assumption.
  - apply Forall_map. revert R. apply Forall_impl. intros r. simpl. rewrite map_map. auto.
Qed.

(** ** It is well formed *)

Lemma select_incl : forall A m (l : list A), incl (select m l) l.
Proof.
  induction m as [|b m IH]; intros l; [intros a []|]. destruct l as [|a l]; [intros c []|].
  simpl. destruct b; intros c Hc; [destruct Hc; [left; assumption|]|]; right; apply (IH l); assumption.
Qed.

Lemma rank_select : forall A m (l : list A) i, kept m i -> i < length l -> rank m i < length (select m l).
Proof.
  unfold kept. induction m as [|b m IH]; intros l i Hm Hi; [destruct i; discriminate|].
  destruct l as [|a l]; [simpl in Hi; lia|]. destruct i as [|i]; cbn [nth] in Hm.
  - subst. simpl. lia.
  - cbn [length] in Hi. specialize (IH l i Hm ltac:(lia)). cbn [rank select]. destruct b; simpl; lia.
Qed.

Lemma renumber_affine_reads : forall A m (u : affine A) w v, Forall (kept m) (map fst (terms u)) ->
  (forall i, i < w -> kept m i -> rank m i < v) -> reads_below w u -> reads_below v (renumber_affine m u).
Proof.
  unfold reads_below; intros A m u w v H Hv Hu; cbn [renumber_affine terms]. apply Forall_map, Forall_forall.
  intros t Ht. rewrite Forall_map, Forall_forall in H. rewrite Forall_forall in Hu.
  apply Hv; [apply Hu|apply (H t)]; assumption.
Qed.

Lemma renumber_neuron_reads : forall A m (n : neuron A) w v, Forall (kept m) (sources n) ->
  (forall i, i < w -> kept m i -> rank m i < v) -> neuron_reads_below w n -> neuron_reads_below v (renumber_neuron m n).
Proof.
  intros A m [a u|s] w v H Hv Hn; cbn [renumber_neuron neuron_reads_below sources] in *.
  - apply (renumber_affine_reads _ _ _ w); assumption.
  - apply Forall_map, Forall_forall. intros i Hi. rewrite Forall_forall in *. auto.
Qed.

Lemma sub_layers_wf : forall A (ls : list (layer A)) ms m w v, closed_layers m ms ls ->
  (forall i, i < w -> kept m i -> rank m i < v) -> layers_wf w ls -> layers_wf v (sub_layers m ms ls).
Proof.
  induction ls as [|l ls IH]; intros [|m' ms] m w v H Hv Hw; simpl in H; try contradiction; [exact I|].
  destruct H as [Hl H]. destruct Hw as [Hn Hw]. cbn [sub_layers layers_wf]. split.
  - apply Forall_map, Forall_forall. intros n Hin. rewrite Forall_forall in Hl, Hn.
    apply (renumber_neuron_reads _ _ _ w); auto. apply Hn, (select_incl _ m'). assumption.
  - apply (IH ms m' (length l)); try assumption. intros. rewrite map_length. apply rank_select; assumption.
Qed.

(** The widths of the kept layers, up to layer k. *)
Lemma sub_width_after : forall A k (ls : list (layer A)) ms m w v, closed_layers m ms ls ->
  (forall i, i < w -> kept m i -> rank m i < v) ->
  forall i, i < last (map (@length _) (firstn k ls)) w -> kept (last (firstn k ms) m) i ->
    rank (last (firstn k ms) m) i < last (map (@length _) (firstn k (sub_layers m ms ls))) v.
Proof.
  induction k as [|k IH]; intros ls ms m w v H Hv i Hi Hm; [apply Hv; assumption|].
  destruct ms as [|m' ms], ls as [|l ls]; simpl in H; try contradiction; [apply Hv; assumption|].
  destruct H as [_ H]. cbn [sub_layers firstn map] in *. rewrite !last_cons in *.
  apply (IH ls ms m' (length l)); try assumption. intros. rewrite map_length. apply rank_select; assumption.
Qed.

Lemma rank_all : forall d i, i < d -> rank (repeat true d) i < d.
Proof.
  induction d; intros i Hi; [lia|]. destruct i as [|i]; simpl; [lia|]. specialize (IHd i ltac:(lia)). lia.
Qed.

Lemma select_length : forall A m (l : list A), length (select m l) <= length l.
Proof.
  induction m as [|b m IH]; intros l; [apply Nat.le_0_l|]. destruct l as [|a l]; [apply Nat.le_0_l|].
  specialize (IH l). destruct b; simpl; lia.
Qed.

Lemma sub_depth : forall A ms (n : network A), length ms = depth n -> depth (sub ms n) = depth n.
Proof.
  intros A ms n H. unfold depth, sub in *; cbn [layers]. generalize (repeat true (inputs n)) as m.
  revert H. generalize (layers n) as ls. induction ms as [|m' ms IH]; intros [|l ls] H m; simpl in *; try lia.
  rewrite IH; lia.
Qed.

Lemma sub_width : forall A ms (n : network A), width (sub ms n) <= width n.
Proof.
  intros A ms n. unfold width, sub; cbn [layers]. generalize (repeat true (inputs n)) as m, (layers n) as ls.
  induction ms as [|m' ms IH]; intros m [|l ls]; simpl; try lia.
  rewrite map_length. pose proof (select_length _ m' l). specialize (IH m' ls). lia.
Qed.

Lemma sub_well_formed : forall A ms (n : network A), closed ms n -> well_formed n -> length ms = depth n ->
  well_formed (sub ms n).
Proof.
  intros A ms n [Hl Hr] [Wl Wr] Hms. assert (All : forall i, i < inputs n -> kept (repeat true (inputs n)) i ->
    rank (repeat true (inputs n)) i < inputs n) by (intros; apply rank_all; assumption).
  split.
  - apply (sub_layers_wf _ _ _ _ (inputs n)); assumption.
  - rewrite sub_depth by assumption. apply Forall_map, Forall_forall. intros r Hin.
    rewrite Forall_forall in Hr, Wr. destruct (Wr r Hin) as [Wa Wb]. specialize (Hr r Hin).
    cbn [renumber_readout after head]. split; [assumption|].
    apply (renumber_affine_reads _ _ _ (width_after n (after r))); [assumption| |assumption].
    intros i Hi Hm. apply (sub_width_after _ _ _ _ _ (inputs n)); assumption.
Qed.
